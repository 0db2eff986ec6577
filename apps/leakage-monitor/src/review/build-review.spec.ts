import { describe, expect, it } from '@jest/globals';
import type { LedgerSum } from '../ledger/balance.ts';
import { weekNamed, weeksUpTo } from '../trend/week.ts';
import { buildReview, type ReviewInput } from './build-review.ts';
import type { Decision } from './review.api.ts';

const week = weekNamed('2026-W10', 'Europe/Paris');
if (week === undefined) throw new RangeError('the week of the test must exist');
const weeks = weeksUpTo(week, 5, 'Europe/Paris').map((one) => ({ week: one, sums: [], recovered: [] }));
const sum = (kind: LedgerSum['kind'], orders: number, marketplaceId = 'm'): LedgerSum => ({
  marketplaceId,
  kind,
  reason: '',
  currency: 'EUR',
  orders,
  minor: orders * 1_000,
  unknownMoney: 0,
});
const decision: Decision = {
  id: 'd-1',
  week: '2026-W08',
  text: 'Ask the marketplace for addresses',
  owner: 'marketing',
  reason: null,
  marketplaceId: null,
  dueOn: null,
  state: 'open',
  takenBy: 'ada',
  takenAt: '2026-02-23T10:00:00.000Z',
  closedBy: null,
  closedAt: null,
  closingNote: null,
};
const build = (input: Partial<ReviewInput>) =>
  buildReview({
    weeks,
    exceptions: [],
    openMoney: [],
    marketplaces: [{ id: 'm', name: 'Maison', owners: { marketing: 'ada@example.com' } }],
    decisions: [],
    carriedOver: [],
    now: new Date('2026-03-10T08:00:00Z'),
    ...input,
  });
const relay = { reason: 'contact.relay', marketplaceId: 'm', resolved: 1, open: 4, overdue: 2 };

describe('a weekly review', () => {
  it('stands beside the four weeks before, and keeps marketplaces apart', () => {
    const before = weeks.slice(0, -1);
    const sums = [
      sum('source', 7),
      sum('verified', 5),
      sum('failed', 1),
      sum('not_a_sale', 1),
      sum('verified', 9, 'n'),
    ];
    const review = build({ weeks: [...before, { week, sums, recovered: [sum('verified', 2)] }] });
    expect(review.trend.map(({ week: name }) => name)).toEqual([
      '2026-W06',
      '2026-W07',
      '2026-W08',
      '2026-W09',
      '2026-W10',
    ]);
    expect(review.totals).toMatchObject({
      captured: { orders: 16 },
      verified: { orders: 14, money: { EUR: '140.00' } },
      leaking: { orders: 1 },
      recovered: { orders: 2 },
    });
    expect(review.marketplaces).toEqual([
      expect.objectContaining({
        name: 'Maison',
        captured: expect.objectContaining({ orders: 7 }),
        difference: expect.objectContaining({ orders: 0 }),
      }),
    ]);
  });

  it('marks as recurring what came up in a week before, and only when it came up again', () => {
    const groupOf = (opened: number[]) => build({ exceptions: [{ ...relay, opened }] }).exceptions.groups[0];
    expect(groupOf([0, 2, 0, 0, 3])).toMatchObject({ opened: 3, recurring: true, weeksBefore: [0, 2, 0, 0] });
    expect(groupOf([0, 0, 0, 0, 3])?.recurring).toBe(false);
    expect(groupOf([0, 2, 0, 0, 0])?.recurring).toBe(false);
  });

  it('gives each owner what is open, with money, and the decisions carried over', () => {
    const review = build({
      exceptions: [
        { ...relay, opened: [0, 0, 0, 0, 1] },
        { ...relay, reason: 'source.unparseable', open: 0, opened: [0, 0, 0, 0, 1] },
      ],
      openMoney: [{ reason: 'contact.relay', marketplaceId: 'm', currency: 'EUR', minor: 12_345 }],
      carriedOver: [decision, { ...decision, id: 'd-2', state: 'done' }],
    });
    const [marketing, , platform] = review.owners;
    expect(marketing).toMatchObject({
      contacts: ['ada@example.com'],
      groups: [{ reason: 'contact.relay', open: 4, money: { EUR: '123.45' } }],
      decisions: [{ id: 'd-1' }],
    });
    expect(platform?.groups).toEqual([]);
    expect(review.exceptions).toMatchObject({ opened: 2, resolved: 2, open: 4, overdue: 4 });
  });
});
