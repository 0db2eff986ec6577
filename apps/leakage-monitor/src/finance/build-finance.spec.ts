import { describe, expect, it } from '@jest/globals';
import { BUCKETS, parseMoney } from '@watertight/contracts';
import fc from 'fast-check';
import { buildFinance, financeTotals } from './build-finance.ts';
import type { FinanceSum } from './finance.store.ts';

const marketplaces = [{ id: 'm', name: 'Maison', timezone: 'Europe/Paris' }];
const sum = (override: Partial<FinanceSum>): FinanceSum => ({
  marketplaceId: 'm',
  month: '2026-03',
  currency: 'EUR',
  bucket: 'verified',
  reason: null,
  orders: 1,
  unknownMoney: 0,
  sales: 10_000,
  cancelations: 0,
  refunds: 0,
  withoutTax: 8_333,
  withoutTaxUnknown: 0,
  ...override,
});
const build = (sums: readonly FinanceSum[], currency?: string) =>
  buildFinance({ marketplaces, sums, booked: [], transactions: new Map(), currency });

describe('finance', () => {
  it('takes cancelations and refunds from sales, and explains what Klaviyo does not have', () => {
    const [row, ...more] = build([
      sum({ orders: 3, sales: 30_000, cancelations: 5_000, refunds: 2_500 }),
      sum({ bucket: 'uncaptured_contact', reason: 'contact.relay', sales: 4_990, refunds: 990 }),
      sum({ bucket: 'not_a_sale', reason: 'mapping.refused', sales: 99_999 }),
    ]);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      name: 'Maison',
      timezone: 'Europe/Paris',
      orders: 4,
      sales: '349.90',
      cancelations: '50.00',
      refunds: '34.90',
      net: '265.00',
      delivered: '225.00',
      difference: '40.00',
      notDelivered: [{ bucket: 'uncaptured_contact', reason: 'contact.relay', orders: 1, net: '40.00' }],
      transactions: { allowed: false },
    });
  });

  it('keeps marketplaces, months and currencies apart, and shows only the currency asked for', () => {
    const sums = [
      sum({}),
      sum({ currency: 'JPY', sales: 500 }),
      sum({ month: '2026-02' }),
      sum({ marketplaceId: 'n' }),
    ];
    expect(
      build(sums).map(({ marketplaceId, month, currency, sales }) => [marketplaceId, month, currency, sales]),
    ).toEqual([
      ['m', '2026-02', 'EUR', '100.00'],
      ['m', '2026-03', 'EUR', '100.00'],
      ['m', '2026-03', 'JPY', '500'],
      ['n', '2026-03', 'EUR', '100.00'],
    ]);
    expect(build(sums, 'JPY').map(({ currency }) => currency)).toEqual(['JPY']);
  });

  it('gives orders of unknown worth a row of their own instead of hiding them', () => {
    const unread = sum({
      currency: '',
      bucket: 'failed',
      reason: 'source.unparseable',
      sales: 0,
      unknownMoney: 1,
      withoutTax: 0,
    });
    expect(build([unread])[0]).toMatchObject({ currency: '', orders: 1, unknownMoney: 1, sales: '0' });
  });

  it('shows refunds booked in a month without sales', () => {
    const booked = [{ marketplaceId: 'm', month: '2026-04', currency: 'EUR', refunds: 700 }];
    const rows = buildFinance({
      marketplaces,
      sums: [],
      booked,
      transactions: new Map(),
      currency: undefined,
    });
    expect(rows[0]).toMatchObject({
      month: '2026-04',
      sales: '0.00',
      refundsBooked: '7.00',
      difference: '0.00',
    });
  });

  it('adds up to the cent, whatever the orders are', () => {
    const minor = fc.integer({ min: 0, max: 10_000_000 });
    const any = fc.record({
      bucket: fc.constantFrom(...BUCKETS),
      sales: minor,
      cancelations: minor,
      refunds: minor,
    });
    const cents = (text: string | undefined) => parseMoney(text, 'EUR')?.minor ?? Number.NaN;
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 40 }), (parts) => {
        const sums = parts.map((part) => sum(part));
        for (const row of build(sums)) {
          expect(cents(row.net)).toBe(cents(row.sales) - cents(row.cancelations) - cents(row.refunds));
          expect(cents(row.difference)).toBe(cents(row.net) - cents(row.delivered));
          const explained = row.notDelivered.reduce((total, { net }) => total + cents(net), 0);
          expect(explained).toBe(cents(row.difference));
          expect(financeTotals(sums, undefined)[0]?.figures.net).toBe(row.net);
        }
      }),
    );
  });
});
