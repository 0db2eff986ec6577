// real: [HTTP, Kafka, PostgreSQL], double: [the other services, whose words are published by the test]
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command, DayCount, MetricCount } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import type { ExceptionItem, Exceptions } from '../exceptions/exceptions.api.ts';
import { type MonitorFixture, monitorFixture } from '../monitor.fixture.ts';
import { ingestSaid, mapped, orderFact, sighting, writerSaid } from '../testing.fixture.ts';
import { finding, settings, unknownValue } from '../words.fixture.ts';

let fixture: MonitorFixture;
let monitor: Awaited<ReturnType<MonitorFixture['start']>>;

beforeAll(async () => {
  fixture = await monitorFixture();
  monitor = await fixture.start();
}, 60_000);

afterAll(async () => {
  await fixture?.close();
}, 60_000);

/** The pass comes every five seconds; on a busy machine it may take a while. */
const PATIENCE = { deadlineMs: 45_000, pollMs: 250 };
const of = async (reason: string, state = 'active') =>
  (await monitor.get<Exceptions>(`/exceptions?state=${state}&reason=${reason}`)).exceptions;
const raised = (reason: string): Promise<ExceptionItem> =>
  waitUntil(`an exception ${reason}`, async () => (await of(reason))[0], PATIENCE);
const gone = (reason: string) =>
  waitUntil(`the end of ${reason}`, async () => (await of(reason)).length === 0, PATIENCE);
const arrived = (which: (command: Command) => boolean) =>
  waitUntil('the command to arrive', () => fixture.commands.find(which), PATIENCE);

/** An instant of the recent past: counts that are older than a few days are judged no more. */
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const dayBefore = (days: number) => ago(days * 24 * 60).slice(0, 10);

function dayCount(day: string, orders: number, at: string): DayCount {
  return {
    kind: 'day_count',
    outcomeId: `m:day_count:${day}T00:00:00Z`,
    marketplaceId: 'm',
    at,
    since: `${day}T00:00:00Z`,
    until: `${day}T23:59:59.999Z`,
    orders,
  };
}

function metricCount(day: string, klaviyoEvents: number, at: string): MetricCount {
  return {
    kind: 'metric_count',
    outcomeId: `metric_count:Placed:${day}`,
    at,
    metric: 'Placed',
    day,
    klaviyoEvents,
    klaviyoValue: null,
    deliveredEvents: 1,
    deliveredValue: null,
  };
}

describe('the ledger held against Mirakl', () => {
  it('names an order that Mirakl shows and nobody captured, fetches it, and is content when it came', async () => {
    await fixture.publish(sighting('m:GAP', { at: ago(10), createdAt: `${dayBefore(1)}T10:00:00Z` }));
    expect(await raised('balance.not_captured')).toMatchObject({
      orderKey: 'm:GAP',
      amount: { amount: '49.90', currency: 'EUR' },
    });
    const command = await arrived(({ type }) => type === 'refetch');
    expect(command).toMatchObject({ orderKey: 'm:GAP', requestedBy: 'leakage-monitor' });
    await fixture.publish(
      orderFact('m:GAP', { createdAt: `${dayBefore(1)}T10:00:00Z` }),
      ingestSaid('m:GAP', { outcome: 'captured' }),
    );
    await gone('balance.not_captured');
  }, 120_000);

  it('tells of an order that the sweep found what it is worth, before the order itself arrives', async () => {
    await fixture.publish(
      sighting('m:MISSED', { at: ago(10), createdAt: `${dayBefore(1)}T10:00:00Z` }),
      ingestSaid('m:MISSED', { outcome: 'captured', reason: 'source.missed_by_poll' }),
    );
    const [missed] = await waitUntil(
      'the order to be on the desk',
      async () => {
        const found = await of('source.missed_by_poll', 'all');
        return found.length > 0 ? found : undefined;
      },
      PATIENCE,
    );
    expect(missed).toMatchObject({
      orderKey: 'm:MISSED',
      owner: 'platform',
      state: 'resolved',
      amount: { amount: '49.90', currency: 'EUR' },
    });
    await fixture.publish(orderFact('m:MISSED', { createdAt: `${dayBefore(1)}T10:00:00Z` }));
  }, 120_000);

  it('sees an amount that is another one at Mirakl', async () => {
    await fixture.publish(
      orderFact('m:MONEY'),
      sighting('m:MONEY', { at: ago(10), amount: { amount: '44.90', currency: 'EUR' } }),
    );
    expect(await raised('balance.amount_differs')).toMatchObject({
      orderKey: 'm:MONEY',
      amount: { amount: '44.90', currency: 'EUR' },
    });
    await arrived((command) => command.type === 'refetch' && command.orderKey === 'm:MONEY');
  }, 120_000);

  it('sees a day of which Mirakl counts more, has it swept, and is content with a count that fits', async () => {
    const day = dayBefore(2);
    await fixture.publish(orderFact('m:DAY', { createdAt: `${day}T10:00:00Z` }), dayCount(day, 3, ago(20)));
    const exception = await raised('balance.day_differs');
    expect(exception).toMatchObject({ marketplaceId: 'm' });
    expect(exception.detail).toContain(`Mirakl counts 3 orders of ${day}, 1 were captured`);
    const sweep = await arrived(({ type }) => type === 'sweep');
    expect(sweep).toMatchObject({ marketplaceId: 'm', from: `${day}T00:00:00.000Z` });
    await fixture.publish(dayCount(day, 1, ago(1)));
    await gone('balance.day_differs');
  }, 120_000);
});

describe("the ledger held against Klaviyo's counts", () => {
  it('sees a metric of a past day that differs, and has the unverified orders of that day read back', async () => {
    const day = dayBefore(3);
    await fixture.publish(
      orderFact('m:READ', { createdAt: `${day}T10:00:00Z` }),
      mapped('m:READ'),
      writerSaid('m:READ', 'placed', { outcome: 'accepted' }),
    );
    await waitUntil('the order to be accepted', async () => {
      const { reason } = await monitor.get<{ reason: string | null }>('/orders/m%3AREAD').catch(() => ({
        reason: null,
      }));
      return reason === 'klaviyo.accepted';
    });
    // Both metrics of the day ask for the same order; it is asked for once.
    await fixture.publish(metricCount(day, 0, ago(20)), {
      ...metricCount(day, 0, ago(20)),
      outcomeId: `metric_count:Ordered:${day}`,
      metric: 'Ordered',
    });
    expect(await raised('balance.klaviyo_differs')).toMatchObject({ marketplaceId: null });
    const verify = await arrived(({ type }) => type === 'verify');
    expect(verify).toMatchObject({ orderKey: 'm:READ', why: 'balance.klaviyo_differs' });
    await fixture.publish(metricCount(day, 1, ago(1)), {
      ...metricCount(day, 1, ago(1)),
      outcomeId: `metric_count:Ordered:${day}`,
      metric: 'Ordered',
    });
    await gone('balance.klaviyo_differs');
    expect(fixture.commands.filter(({ type }) => type === 'verify')).toHaveLength(1);
  }, 120_000);
});

describe('what the stages say of themselves', () => {
  it('is raised: a problem found until it is mended, a changed setting and an unknown value once', async () => {
    await fixture.publish(
      finding('m', 'key', 'problem'),
      settings('m', { currency: 'EUR' }),
      unknownValue('m', 'state', 'TELEPORTED', 2),
    );
    expect(await raised('source.check_failed')).toMatchObject({ marketplaceId: 'm' });
    expect((await raised('mapping.unknown_value')).detail).toBe('state "TELEPORTED", seen 2 times');
    expect(await of('source.settings_changed')).toEqual([]);

    await fixture.publish(
      { ...finding('m', 'key', 'ok'), at: '2026-03-05T00:00:00Z' },
      settings('m', { currency: 'USD', at: '2026-03-05T00:00:00Z' }),
    );
    expect((await raised('source.settings_changed')).detail).toBe('currency was EUR, is USD');
    await gone('source.check_failed');
    expect(await of('mapping.unknown_value')).toHaveLength(1);
  }, 120_000);
});
