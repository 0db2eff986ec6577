import { describe, expect, it } from '@jest/globals';
import { OutcomeSchema } from '@watertight/contracts';
import { Compile } from 'typebox/compile';
import { type Advance, AT_LISTING, type Backfill, backfillWord, estimateEnd, NOT_BEGUN } from './backfill.ts';

const now = new Date('2026-03-10T12:00:00Z');
const advance: Advance = {
  ...NOT_BEGUN,
  startedAt: new Date('2026-03-10T11:00:00Z'),
  ordersTotal: 1_000,
  position: AT_LISTING,
  tally: { seen: 400, published: 390, money: { EUR: 123_456 }, events: 1_200 },
};
const backfill: Backfill = {
  backfillId: 'c-1',
  marketplaceId: 'maison-fr',
  since: new Date('2025-01-01T00:00:00Z'),
  until: new Date('2026-01-01T00:00:00Z'),
  dryRun: false,
  requestedBy: 'ops',
  state: 'running',
  advance,
  detail: null,
};

describe('backfillWord', () => {
  it('fits its contract and says how far the backfill has come', () => {
    const word = backfillWord(backfill, now, new Date('2026-03-10T13:00:00Z'));
    expect(Compile(OutcomeSchema).Check(word)).toBe(true);
    expect(word).toMatchObject({
      state: 'running',
      ordersTotal: 1_000,
      ordersSeen: 400,
      ordersPublished: 390,
      money: [{ amount: '1234.56', currency: 'EUR' }],
      klaviyoSeconds: 2,
      route: 'listing',
    });
  });

  it('names no route before it began to read', () => {
    const queued = { ...backfill, state: 'queued', advance: NOT_BEGUN } as const;
    expect(backfillWord(queued, now, null)).toMatchObject({
      startedAt: null,
      route: null,
      klaviyoSeconds: null,
    });
  });
});

describe('estimateEnd', () => {
  const pace = { since: new Date('2026-03-10T11:50:00Z'), seenBefore: 100 };

  it('goes by what this process read since it took the backfill up', () => {
    expect(estimateEnd(backfill, pace, now)).toEqual(new Date('2026-03-10T12:20:00Z'));
  });

  it('says nothing while nothing can be said', () => {
    expect(estimateEnd(backfill, { ...pace, seenBefore: 400 }, now)).toBeNull();
    expect(estimateEnd({ advance: { ...advance, ordersTotal: null } }, pace, now)).toBeNull();
  });

  it('is now where Mirakl counted fewer orders than it lists', () => {
    const short = { ...advance, ordersTotal: 300 };
    expect(estimateEnd({ advance: short }, pace, now)).toEqual(now);
  });
});
