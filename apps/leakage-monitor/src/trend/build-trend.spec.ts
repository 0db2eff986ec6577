import { describe, expect, it } from '@jest/globals';
import { buildTrend } from './build-trend.ts';
import { weekOf, weeksUpTo } from './week.ts';

const now = new Date('2026-03-11T12:00:00Z');
const weeks = weeksUpTo(weekOf(now, 'UTC'), 3, 'UTC');
const part = { currency: 'EUR', orders: 2, minor: 1_000, unknownMoney: 0 };

describe('a trend', () => {
  it('has every week, also the empty ones, and says which are over', () => {
    const trend = buildTrend(weeks, [], [], now);
    expect(trend.map(({ week, complete }) => [week, complete])).toEqual([
      ['2026-W09', true],
      ['2026-W10', true],
      ['2026-W11', false],
    ]);
    expect(trend[0]?.captured).toEqual({ orders: 0, money: {}, unknownMoney: 0 });
  });

  it('counts every bucket as captured, and as leaking only what could still be verified', () => {
    const sums = (['verified', 'failed', 'in_flight', 'erased', 'not_a_sale'] as const).map((bucket) => ({
      ...part,
      bucket,
      monday: '2026-03-02',
    }));
    const week = buildTrend(weeks, sums, [{ ...part, monday: '2026-03-02' }], now)[1];
    expect(week).toMatchObject({
      captured: { orders: 10, money: { EUR: '50.00' } },
      verified: { orders: 2, money: { EUR: '10.00' } },
      leaking: { orders: 4, money: { EUR: '20.00' } },
      recovered: { orders: 2, money: { EUR: '10.00' } },
    });
  });
});
