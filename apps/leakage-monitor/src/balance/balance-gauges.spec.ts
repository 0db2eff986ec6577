import { beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError, systemClock } from '@watertight/service';
import { register } from 'prom-client';
import { BalanceGauges, showBalance } from './balance-gauges.ts';
import type { Balance, MarketplaceBalance } from './balance.api.ts';

const none = { orders: 0, money: {}, unknownMoney: 0 };

function balanceOf(change: Partial<MarketplaceBalance>): Pick<Balance, 'marketplaces'> {
  const buckets = {
    verified: { orders: 80, money: { EUR: '3600.00' }, unknownMoney: 0 },
    in_flight: none,
    uncaptured_contact: { orders: 40, money: { EUR: '1800.10' }, unknownMoney: 0 },
    withheld: none,
    failed: none,
    erased: none,
    not_a_sale: none,
  };
  return {
    marketplaces: [
      {
        marketplaceId: 'shop',
        name: 'Shop',
        configured: true,
        settled: true,
        asOf: '2026-03-01T00:00:00.000Z',
        since: null,
        auditedAt: null,
        source: { orders: 120, money: { EUR: '5400.10' }, unknownMoney: 0 },
        captured: { orders: 120, money: { EUR: '5400.10' }, unknownMoney: 0 },
        buckets,
        difference: { orders: 0, money: { EUR: '0.00' }, unknownMoney: 0 },
        leaking: [
          {
            bucket: 'uncaptured_contact',
            reason: 'contact.relay',
            meaning: '',
            owner: 'marketing',
            severity: 'low',
            whatToDo: '',
            orders: 40,
            money: { EUR: '1800.10' },
            unknownMoney: 0,
          },
        ],
        ...change,
      },
    ],
  };
}

beforeEach(() => register.resetMetrics());

describe('the balance as metrics', () => {
  it('shows orders and money of each bucket, the difference and what leaks', async () => {
    showBalance(balanceOf({}));
    const text = await register.metrics();
    expect(text).toContain('watertight_balance_orders{marketplace="shop",bucket="verified"} 80');
    expect(text).toContain(
      'watertight_balance_money{marketplace="shop",bucket="uncaptured_contact",currency="EUR"} 1800.1',
    );
    expect(text).toContain('watertight_balance_difference_orders{marketplace="shop"} 0');
    expect(text).toContain(
      'watertight_leak_orders{marketplace="shop",bucket="uncaptured_contact",reason="contact.relay"} 40',
    );
    expect(text).toContain('watertight_balance_cut_timestamp_seconds{marketplace="shop"} 1772323200');
  });

  it('forgets a reason that no order has any more', async () => {
    showBalance(balanceOf({}));
    showBalance(balanceOf({ leaking: [] }));
    expect(await register.metrics()).not.toContain('contact.relay');
  });

  it('counts a failed look and keeps the figures that it has', async () => {
    showBalance(balanceOf({}));
    const away = { read: () => Promise.reject(new RetryableError('away')) };
    await new BalanceGauges(away, systemClock).look();
    const text = await register.metrics();
    expect(text).toContain('watertight_balance_reads_total{result="retryable"} 1');
    expect(text).toContain('watertight_balance_source_orders{marketplace="shop"} 120');
  });
});
