import { describe, expect, it } from '@jest/globals';
import { BUCKETS, parseMoney } from '@watertight/contracts';
import fc from 'fast-check';
import { balanceOf, type BalanceWindow, type LedgerSum } from './balance.ts';

const cut = {
  auditedAt: '2026-03-10T12:00:02.000Z',
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-03-10T12:00:00.000Z',
};

function window(marketplaceId: string, orders: number | null, whole = true): BalanceWindow {
  const settled = orders === null ? null : { ...cut, orders };
  return { marketplaceId, from: cut.since, to: cut.until, cut: settled, whole: whole && settled !== null };
}

function sum(
  kind: LedgerSum['kind'],
  orders: number,
  minor: number,
  override: Partial<LedgerSum> = {},
): LedgerSum {
  return {
    marketplaceId: 'm',
    kind,
    reason: '',
    currency: 'EUR',
    orders,
    minor,
    unknownMoney: 0,
    ...override,
  };
}

describe('the balance', () => {
  it('is nothing in every bucket of an empty ledger', () => {
    const balance = balanceOf([window('m', 0)], []);
    expect(Object.keys(balance.buckets)).toEqual([...BUCKETS]);
    expect(balance.difference).toEqual({ orders: 0, money: {}, unknownMoney: 0 });
  });

  it("adds the buckets up to Mirakl's count and money", () => {
    const balance = balanceOf(
      [window('m', 3)],
      [sum('verified', 2, 9980), sum('failed', 1, 1000), sum('source', 3, 10980)],
    );
    expect(balance.source).toEqual({ orders: 3, money: { EUR: '109.80' }, unknownMoney: 0 });
    expect(balance.buckets.verified).toEqual({ orders: 2, money: { EUR: '99.80' }, unknownMoney: 0 });
    expect(balance.difference).toEqual({ orders: 0, money: { EUR: '0.00' }, unknownMoney: 0 });
  });

  it('shows orders that Mirakl counts and never showed as a difference, their money unknown', () => {
    const balance = balanceOf([window('m', 4)], [sum('verified', 3, 9980), sum('source', 3, 9980)]);
    expect(balance.difference).toEqual({ orders: 1, money: { EUR: '0.00' }, unknownMoney: 1 });
  });

  it('shows a sighted order that was not captured as a difference in number and money', () => {
    const balance = balanceOf([window('m', 2)], [sum('verified', 1, 4990), sum('source', 2, 9980)]);
    expect(balance.difference).toEqual({ orders: 1, money: { EUR: '49.90' }, unknownMoney: 0 });
  });

  it('keeps currencies apart, each with its own decimals', () => {
    const balance = balanceOf(
      [window('m', 3)],
      [
        sum('verified', 1, 4990),
        sum('verified', 1, 1200, { currency: 'JPY' }),
        sum('in_flight', 1, 3250, { currency: 'KWD' }),
        sum('source', 1, 4990),
        sum('source', 1, 1250, { currency: 'JPY' }),
        sum('source', 1, 3250, { currency: 'KWD' }),
      ],
    );
    expect(balance.captured.money).toEqual({ EUR: '49.90', JPY: '1200', KWD: '3.250' });
    expect(balance.difference.money).toEqual({ EUR: '0.00', JPY: '50', KWD: '0.000' });
  });

  it('counts an order of unknown amount in number and in no sum of money', () => {
    const unknown = { currency: '', unknownMoney: 1 };
    const balance = balanceOf([window('m', 1)], [sum('failed', 1, 0, unknown), sum('source', 1, 0, unknown)]);
    expect(balance.buckets.failed).toEqual({ orders: 1, money: {}, unknownMoney: 1 });
    expect(balance.difference).toEqual({ orders: 0, money: {}, unknownMoney: 0 });
  });

  it('uses what Mirakl has shown where its count does not cover the window', () => {
    const sums = [sum('verified', 1, 4990), sum('source', 2, 9980)];
    expect(balanceOf([window('m', 17, false)], sums).source.orders).toBe(2);
    expect(balanceOf([window('m', null)], sums).source.orders).toBe(2);
  });

  it('always has: difference = source - sum of the buckets, in number and in every currency', () => {
    const anySum = fc.record({
      marketplaceId: fc.constantFrom('m', 'n'),
      kind: fc.constantFrom<LedgerSum['kind']>('source', ...BUCKETS),
      reason: fc.constantFrom('', 'contact.relay'),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD', ''),
      orders: fc.nat(1_000),
      minor: fc.nat(1_000_000),
      unknownMoney: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(anySum), fc.option(fc.nat(5_000)), (sums, counted) => {
        const balance = balanceOf([window('m', counted), window('n', 3)], sums);
        const buckets = BUCKETS.map((bucket) => balance.buckets[bucket]);
        const inBuckets = buckets.reduce((total, { orders }) => total + orders, 0);
        expect(balance.captured.orders).toBe(inBuckets);
        expect(balance.difference.orders).toBe(balance.source.orders - inBuckets);
        for (const [currency, difference] of Object.entries(balance.difference.money)) {
          const minor = (text: string | undefined) => parseMoney(text ?? '0', currency)?.minor ?? Number.NaN;
          const captured = buckets.reduce((total, { money }) => total + minor(money[currency]), 0);
          expect(minor(balance.captured.money[currency])).toBe(captured);
          expect(minor(difference)).toBe(minor(balance.source.money[currency]) - captured);
        }
      }),
    );
  });
});
