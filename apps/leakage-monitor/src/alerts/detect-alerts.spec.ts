import { describe, expect, it } from '@jest/globals';
import { NO_ALERTS } from '@watertight/marketplaces';
import type { AlertSnapshot } from './alert-snapshot.ts';
import { detectAlerts } from './detect-alerts.ts';

const well: AlertSnapshot = {
  now: new Date('2026-03-10T12:00:00Z'),
  marketplaces: [
    {
      id: 'm',
      name: 'Maison',
      health: 'fresh',
      staleSince: null,
      failure: null,
      silence: null,
      drifts: [],
    },
  ],
  risks: [],
  overdue: [],
  lags: [],
  deadLetters: [{ topic: 'mirakl.orders.v1.profile-mapper.dlq', lastDay: 0 }],
  quota: [],
};
const [maison] = well.marketplaces;
if (maison === undefined) throw new RangeError('the test needs a marketplace');
const causesOf = (snapshot: Partial<AlertSnapshot>) =>
  detectAlerts({ ...well, ...snapshot }, NO_ALERTS).map(({ cause, owner }) => [cause, owner]);
const risk = { marketplaceId: 'm', currency: 'EUR', totalMinor: 100_000, riskMinor: 5_000, riskOrders: 5 };
const silence = { lastOrderAt: '2026-03-10T08:00:00.000Z', expected: 12 };

describe('the alert rules', () => {
  it('say nothing when all is well', () => {
    expect(causesOf({})).toEqual([]);
  });

  it('tell money at risk from a share and a number of orders on', () => {
    expect(causesOf({ risks: [risk] })).toEqual([['money_at_risk:m:EUR', 'operations']]);
    expect(causesOf({ risks: [{ ...risk, riskMinor: 4_999 }] })).toEqual([]);
    expect(causesOf({ risks: [{ ...risk, riskOrders: 4 }] })).toEqual([]);
  });

  it('tell overdue exceptions to their owner', () => {
    const overdue = [
      { marketplaceId: 'm', owner: 'marketing', overdue: 2, oldestDueAt: '2026-03-09T00:00:00Z' } as const,
    ];
    expect(causesOf({ overdue })).toEqual([['age:m:marketing', 'marketing']]);
  });

  it('tell a source that fails or is late, and do not call it silent meanwhile', () => {
    const failing = { ...maison, health: 'failing', silence } as const;
    expect(causesOf({ marketplaces: [failing] })).toEqual([['source_failing:m', 'platform']]);
    expect(causesOf({ marketplaces: [{ ...maison, health: 'late' }] })).toEqual([
      ['source_failing:m', 'platform'],
    ]);
    expect(causesOf({ marketplaces: [{ ...maison, silence }] })).toEqual([['silence:m', 'operations']]);
  });

  it('tell contact drift to marketing, of the whole or of a country', () => {
    const drift = { before: 0.9, now: 0.2, orders: 100 };
    const causes = (country: string | null) =>
      causesOf({ marketplaces: [{ ...maison, drifts: [{ marketplaceId: 'm', country, drift }] }] });
    expect(causes(null)).toEqual([['contact_drift:m', 'marketing']]);
    expect(causes('BE')).toEqual([['contact_drift:m:BE', 'marketing']]);
  });

  it('tell dead letters, lag in seconds, and a quota that is used up', () => {
    const lag = { group: 'klaviyo-writer', topic: 'buyer.events.v1', messages: 10, seconds: 600 };
    const window = { replica: 'w', route: 'bulk', windowSeconds: 60, used: 143, limit: 150 };
    expect(
      causesOf({
        deadLetters: [{ topic: 't.dlq', lastDay: 1 }],
        lags: [lag, { ...lag, topic: 'fine', seconds: 599 }, { ...lag, topic: 'empty', messages: 0 }],
        quota: [window, { ...window, replica: 'w2' }, { ...window, route: 'single', used: 142 }],
      }),
    ).toEqual([
      ['dead_letters:t.dlq', 'platform'],
      ['lag:klaviyo-writer:buyer.events.v1', 'platform'],
      ['quota:bulk', 'platform'],
    ]);
  });
});
