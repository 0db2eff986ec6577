import { describe, expect, it } from '@jest/globals';
import { finding, unknownValue } from '../words.fixture.ts';
import {
  causesOfDays,
  causesOfFindings,
  causesOfMetrics,
  causesOfSource,
  noticesOfUnknownValues,
  type WatchedSource,
} from './causes-of-sources.ts';
import { NO_SOURCE } from './source-state.ts';

const MINUTE_MS = 60_000;
const now = new Date('2026-03-10T12:00:00Z');
const startedAt = new Date('2026-03-10T08:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS).toISOString();

function source(override: Partial<WatchedSource> = {}): WatchedSource {
  return {
    marketplaceId: 'm',
    state: polled(1),
    pollIntervalMs: MINUTE_MS,
    settled: true,
    auditedAt: '2026-03-10T11:00:00.000Z',
    difference: { orders: 0, money: { EUR: '0.00' } },
    missing: [],
    ...override,
  };
}

function polled(minutesAgo: number): WatchedSource['state'] {
  const completedAt = ago(minutesAgo);
  const lastPoll = {
    startedAt: completedAt,
    completedAt,
    watermark: completedAt,
    ordersSeen: 0,
    ordersChanged: 0,
  };
  return { ...NO_SOURCE, lastPoll };
}

const failedAt = (minutesAgo: number, consecutive: number) => ({
  at: ago(minutesAgo),
  consecutive,
  reason: 'source.unreachable',
  detail: 'no answer',
});

const causes = (override: Partial<WatchedSource>) => causesOfSource(source(override), startedAt, now);
const reasons = (override: Partial<WatchedSource>) => causes(override).map(({ reason }) => reason);

describe('a source', () => {
  it('of which nothing is amiss gives no cause', () => {
    expect(causes({})).toEqual([]);
  });

  it('is late after ten intervals without a complete poll', () => {
    expect(reasons({ state: polled(10) })).toEqual([]);
    expect(causes({ state: polled(11) })).toMatchObject([{ reason: 'source.poll_late', since: ago(11) }]);
  });

  it('is late after five minutes at the soonest, however often it is polled', () => {
    expect(reasons({ pollIntervalMs: 1_000, state: polled(5) })).toEqual([]);
    expect(reasons({ pollIntervalMs: 1_000, state: polled(6) })).toEqual(['source.poll_late']);
  });

  it('that never was polled is late counted from the start of the service', () => {
    expect(causes({ state: undefined })).toMatchObject([
      { reason: 'source.poll_late', since: '2026-03-10T08:00:00.000Z', detail: expect.stringMatching(/yet/) },
    ]);
    expect(causesOfSource(source({ state: undefined }), now, now)).toEqual([]);
  });

  it('that is not configured any more is not late', () => {
    expect(reasons({ pollIntervalMs: null, state: polled(60 * 24) })).toEqual([]);
  });

  it('that fails twice in a row is unreachable, and not late as well', () => {
    const failing = (consecutive: number) => ({
      ...NO_SOURCE,
      lastPoll: polled(60)?.lastPoll ?? null,
      lastFailure: failedAt(1, consecutive),
    });
    expect(reasons({ state: failing(1) })).toEqual([]);
    expect(causes({ state: failing(2) })).toMatchObject([
      { reason: 'source.unreachable', detail: 'no answer (2 times in a row)' },
    ]);
  });

  it('that polls again after failing is well', () => {
    const state = {
      ...NO_SOURCE,
      lastPoll: polled(1)?.lastPoll ?? null,
      lastFailure: failedAt(2, 5),
    };
    expect(reasons({ state })).toEqual([]);
  });
});

describe("Mirakl's count", () => {
  it('that is higher names the orders and the money that are missing', () => {
    expect(
      causes({ difference: { orders: 2, money: { EUR: '99.80' } }, missing: ['A-1', 'A-2'] }),
    ).toMatchObject([
      {
        reason: 'source.count_differs',
        orders: 2,
        amount: { minor: 9_980, currency: 'EUR' },
        detail: 'Mirakl counts 2 orders more than were captured; not captured: A-1, A-2',
        since: '2026-03-10T11:00:00.000Z',
      },
    ]);
  });

  it('that is lower, or that differs in money alone, is a difference too', () => {
    expect(causes({ difference: { orders: -1, money: {} } })).toMatchObject([
      { orders: 1, detail: '1 order captured that Mirakl does not count' },
    ]);
    expect(causes({ difference: { orders: 0, money: { EUR: '-10.00' } } })).toMatchObject([
      { orders: 0, detail: 'Mirakl shows other amounts than were captured' },
    ]);
  });

  it('says nothing before it is settled', () => {
    const difference = { orders: 3, money: {} };
    expect(reasons({ settled: false, difference })).toEqual([]);
    expect(reasons({ auditedAt: null, difference })).toEqual([]);
  });

  it('names twenty orders at most', () => {
    const missing = Array.from({ length: 23 }, (_, index) => `A-${index}`);
    const [cause] = causes({ difference: { orders: 23, money: {} }, missing });
    expect(cause?.detail).toMatch(/A-19 and 3 more$/);
  });
});

describe('days', () => {
  const day = (counted: number, captured: number) => ({
    marketplaceId: 'm',
    day: '2026-03-08',
    at: '2026-03-10T03:00:00Z',
    counted,
    captured,
    missing: ['A-7'],
  });

  it('of which Mirakl counts more are exceptions, each its own', () => {
    expect(causesOfDays([day(3, 2)])).toMatchObject([
      {
        about: 'm:day:2026-03-08',
        reason: 'balance.day_differs',
        orders: 1,
        detail: 'Mirakl counts 3 orders of 2026-03-08, 2 were captured; not captured: A-7',
      },
    ]);
  });

  it('that came to the same, or to more since the count, are none', () => {
    expect(causesOfDays([day(2, 2), day(2, 3)])).toEqual([]);
  });
});

describe("Klaviyo's counts", () => {
  const metric = (at: string, klaviyoEvents: number, deliveredEvents = 5) => ({
    kind: 'metric_count' as const,
    outcomeId: 'klaviyo:metric_count:1',
    at,
    metric: 'Marketplace Order Placed',
    day: '2026-03-08',
    klaviyoEvents,
    deliveredEvents,
    klaviyoValue: null,
    deliveredValue: null,
  });

  it('that differ once the day is two hours over are exceptions', () => {
    expect(causesOfMetrics([metric('2026-03-09T01:59:00Z', 4)])).toEqual([]);
    expect(causesOfMetrics([metric('2026-03-09T02:00:00Z', 4)])).toMatchObject([
      {
        reason: 'balance.klaviyo_differs',
        marketplaceId: null,
        about: 'account:metric:Marketplace Order Placed:2026-03-08',
        detail: 'Marketplace Order Placed on 2026-03-08 (UTC): Klaviyo counts 4, 5 were delivered',
      },
    ]);
    expect(causesOfMetrics([metric('2026-03-09T02:00:00Z', 5)])).toEqual([]);
  });
});

describe('what stages find', () => {
  it('is an exception when it is a problem', () => {
    const found = [finding('m', 'key', 'problem'), finding('m', 'shop', 'warning'), finding(null, 'x', 'ok')];
    expect(causesOfFindings(found)).toMatchObject([
      { reason: 'source.check_failed', marketplaceId: 'm', detail: 'key: what was found of key' },
    ]);
  });

  it('is a notice, once, for a value that nobody knows', () => {
    expect(noticesOfUnknownValues([unknownValue('m', 'state', 'TELEPORTED', 3)])).toMatchObject([
      {
        about: 'm:unknown_value:state:TELEPORTED',
        origin: 'notice',
        reason: 'mapping.unknown_value',
        detail: 'state "TELEPORTED", seen 3 times',
      },
    ]);
  });
});
