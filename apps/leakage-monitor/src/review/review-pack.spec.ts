import { describe, expect, it } from '@jest/globals';
import { sumAmounts } from '../trend/sum-amounts.ts';
import type { Review } from './review.api.ts';
import { reviewHtml } from './review-html.ts';
import { reviewPack } from './review-pack.ts';

const amounts = sumAmounts([{ currency: 'EUR', orders: 3, minor: 14_990, unknownMoney: 1 }]);
const figures = { captured: amounts, verified: amounts, leaking: amounts, recovered: amounts };
const group = {
  reason: 'contact.relay',
  meaning: 'Only a relay address',
  marketplaceId: 'm',
  owner: 'marketing',
  severity: 'low',
  whatToDo: 'Claim the address',
  opened: 2,
  resolved: 0,
  open: 2,
  overdue: 0,
  recurring: true,
  weeksBefore: [0, 0, 1, 0],
  money: { EUR: '49.90' },
} as const;
const review: Review = {
  week: '2026-W09',
  from: '2026-02-22T23:00:00.000Z',
  to: '2026-03-01T22:59:59.999Z',
  timezone: 'Europe/Paris',
  dueAt: '2026-03-02T22:59:59.999Z',
  state: 'signed',
  asOf: '2026-03-02T09:00:00.000Z',
  frozen: true,
  totals: figures,
  trend: [{ week: '2026-W09', from: '', to: '', complete: true, ...figures }],
  exceptions: {
    opened: 2,
    resolved: 0,
    open: 2,
    overdue: 0,
    groups: [{ ...group, weeksBefore: [0, 0, 1, 0] }],
  },
  owners: [
    { owner: 'marketing', contacts: ['Łucja'], groups: [{ ...group, weeksBefore: [] }], decisions: [] },
  ],
  marketplaces: [
    {
      marketplaceId: 'm',
      name: 'Maison',
      captured: amounts,
      verified: amounts,
      leaking: amounts,
      difference: amounts,
    },
  ],
  alerts: 1,
  decisions: [],
  carriedOver: [],
  signature: { by: 'ada', at: '2026-03-02T09:00:00.000Z', note: 'all <b>fine</b> & "good"' },
};

describe('the pack of a weekly review', () => {
  it('says the same on every way out: totals, recurring exceptions, owners, signature', () => {
    const pack = reviewPack(review);
    expect(pack.title).toBe('Weekly review 2026-W09');
    expect(Object.fromEntries(pack.facts)).toMatchObject({
      Captured: '3 · EUR 149.90, 1 of unknown amount',
      Signed: 'ada, 2026-03-02 09:00 UTC',
    });
    const recurring = pack.sections.find(({ heading }) => heading === 'Recurring exceptions');
    expect(recurring?.rows[0]?.slice(0, 5)).toEqual([
      'Only a relay address (contact.relay)',
      'm',
      'marketing',
      '2',
      '0, 0, 1, 0',
    ]);
    expect(pack.sections.find(({ heading }) => heading === 'Carried over')?.rows).toEqual([]);
  });

  it('is an HTML file in which nobody can hide a tag, and that fetches nothing', () => {
    const html = reviewHtml(reviewPack(review));
    expect(html).toContain('all &lt;b&gt;fine&lt;/b&gt; &amp; &quot;good&quot;');
    expect(html).not.toMatch(/<b>|<script|https?:/);
    expect(html).toContain('Nothing is carried over');
  });
});
