// real: [Kafka, PostgreSQL, HTTP], double: [the other services: their messages are published by the test]
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUCKETS } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import { Compile } from 'typebox/compile';
import { type Balance, BalanceSchema } from './balance/balance.api.ts';
import { type Exceptions, ExceptionsSchema } from './exceptions/exceptions.api.ts';
import { type Marketplaces, MarketplacesSchema } from './marketplaces/marketplaces.api.ts';
import { type MonitorFixture, monitorFixture } from './monitor.fixture.ts';
import { type Orders, OrdersSchema, type OrderStory, OrderStorySchema } from './orders/orders.api.ts';
import {
  countAudit,
  ingestSaid,
  mapped,
  mapperSaid,
  orderFact,
  pollCompleted,
  refundFact,
  sighting,
  verified,
  writerSaid,
} from './testing.fixture.ts';

let fixture: MonitorFixture;
let monitor: Awaited<ReturnType<MonitorFixture['start']>>;

const balance = (query = '') => monitor.get<Balance>(`/balance${query}`);

beforeAll(async () => {
  fixture = await monitorFixture();
  monitor = await fixture.start();
}, 60_000);

afterAll(async () => {
  await fixture?.close();
}, 60_000);

describe('a monitor that has heard nothing', () => {
  it('says so: not settled, nothing in any bucket, nothing made up', async () => {
    const answer = await balance();
    expect(Compile(BalanceSchema).Check(answer)).toBe(true);
    expect(answer).toMatchObject({
      settled: false,
      source: { orders: 0 },
      difference: { orders: 0, money: {} },
    });
    expect(Object.keys(answer.buckets)).toEqual([...BUCKETS]);
    expect(answer.marketplaces.map(({ marketplaceId }) => marketplaceId)).toEqual(['m', 'n']);
  });
});

describe('a monitor that follows two marketplaces', () => {
  let publishedUpTo: Record<string, string> = {};

  const told = [
    // Verified, though the outcomes come before the order.
    mapped('m:A-1', ['placed', 'refunded:1']),
    verified('m:A-1'),
    verified('m:A-1', 'refunded:1'),
    refundFact('m:A-1', '1'),
    orderFact('m:A-1'),
    // Relay address.
    orderFact('m:A-2', { amount: { amount: '100.00', currency: 'EUR' } }),
    mapperSaid('m:A-2', { outcome: 'uncaptured', reason: 'contact.relay' }),
    // Accepted, not read back.
    orderFact('m:A-3', { amount: { amount: '5', currency: 'JPY' }, currency: 'JPY' }),
    mapped('m:A-3'),
    writerSaid('m:A-3', 'placed', { outcome: 'accepted', reason: 'klaviyo.accepted' }),
    // Unreadable.
    ingestSaid('m:A-4', {
      outcome: 'failed',
      reason: 'source.unparseable',
      detail: 'order_lines is missing',
      orderCreatedAt: '2026-03-01T00:00:00Z',
    }),
    // Refused by Klaviyo.
    orderFact('n:A-1', { amount: { amount: '12.34', currency: 'EUR' } }),
    mapped('n:A-1'),
    writerSaid('n:A-1', 'placed', {
      outcome: 'failed',
      reason: 'klaviyo.rejected',
      detail: 'metric is not valid',
    }),
  ];

  it('folds facts and outcomes in whatever order they come', async () => {
    for (const message of told) {
      const [position] = await fixture.publish(message);
      if (position?.topic === fixture.topics.orders.name) {
        publishedUpTo = { ...publishedUpTo, [position.partition]: String(BigInt(position.offset) + 1n) };
      }
    }
    const answer = await waitUntil('five orders to be captured', async () => {
      const now = await balance();
      return (
        now.captured.orders === 5 &&
        now.buckets.verified.orders === 1 &&
        now.buckets.failed.orders === 2 &&
        now.buckets.uncaptured_contact.orders === 1 &&
        now.leaking.some(({ reason }) => reason === 'klaviyo.accepted') &&
        now
      );
    });
    expect(answer.settled).toBe(false);
    expect(answer.captured).toEqual({ orders: 5, money: { EUR: '162.24', JPY: '5' }, unknownMoney: 1 });
    expect(answer.difference).toEqual({ orders: 0, money: { EUR: '0.00', JPY: '0' }, unknownMoney: 0 });
    expect(answer.leaking.map(({ reason, owner }) => [reason, owner])).toEqual([
      ['klaviyo.rejected', 'platform'],
      ['source.unparseable', 'platform'],
      ['contact.relay', 'marketing'],
      ['klaviyo.accepted', 'platform'],
    ]);
  });

  it("settles on Mirakl's own count once a later poll was published and folded", async () => {
    await fixture.publish(
      countAudit('m', 4),
      pollCompleted('m', publishedUpTo),
      countAudit('n', 1, { until: '2026-03-10T11:59:00Z' }),
      pollCompleted('n', publishedUpTo),
    );
    const answer = await waitUntil('the balance to settle', async () => {
      const now = await balance();
      return now.settled && now;
    });
    expect(Compile(BalanceSchema).Check(answer)).toBe(true);
    expect(answer.asOf).toBe('2026-03-10T11:59:00.000Z');
    expect(answer.source).toEqual({ orders: 5, money: { EUR: '162.24', JPY: '5' }, unknownMoney: 1 });
    expect(answer.difference).toEqual({ orders: 0, money: { EUR: '0.00', JPY: '0' }, unknownMoney: 0 });
    expect((await balance('?marketplace=n')).source).toEqual({
      orders: 1,
      money: { EUR: '12.34' },
      unknownMoney: 0,
    });
  });

  it('leaves orders that came after the cut to the next one', async () => {
    await fixture.publish(orderFact('n:A-2', { createdAt: '2026-03-10T13:00:00Z' }));
    await waitUntil('the order to be captured', async () => {
      const { orders } = await monitor.get<Orders>('/orders?query=A-2&marketplace=n');
      return orders.length === 1;
    });
    expect((await balance('?marketplace=n')).captured.orders).toBe(1);
  });

  it('shows an order that Mirakl counts and we do not have, and names it once the sweep has seen it', async () => {
    const later = { at: '2026-03-11T12:00:02Z', until: '2026-03-11T12:00:00Z' };
    const poll = { startedAt: '2026-03-11T12:00:05Z', at: '2026-03-11T12:00:06Z' };
    await fixture.publish(countAudit('n', 3, later), pollCompleted('n', publishedUpTo, poll));
    const counted = await waitUntil('the new audit to settle', async () => {
      const now = await balance('?marketplace=n');
      return now.asOf === '2026-03-11T12:00:00.000Z' && now;
    });
    expect(counted.difference).toEqual({ orders: 1, money: { EUR: '0.00' }, unknownMoney: 1 });
    const exceptions = await waitUntil('the gap to be on the desk', async () => {
      const now = await monitor.get<Exceptions>('/exceptions?marketplace=n');
      return now.groups.some(({ reason }) => reason === 'source.count_differs') && now;
    });
    expect(Compile(ExceptionsSchema).Check(exceptions)).toBe(true);
    expect(exceptions.groups).toContainEqual(
      expect.objectContaining({ reason: 'source.count_differs', orders: 1, owner: 'platform' }),
    );

    await fixture.publish(sighting('n:A-3', { amount: { amount: '20.00', currency: 'EUR' } }));
    const seen = await waitUntil('the sighting to be folded', async () => {
      const now = await balance('?marketplace=n');
      return now.difference.unknownMoney === 0 && now;
    });
    expect(seen.difference).toEqual({ orders: 1, money: { EUR: '20.00' }, unknownMoney: 0 });

    const [position] = await fixture.publish(
      orderFact('n:A-3', {
        amount: { amount: '20.00', currency: 'EUR' },
        observedAt: '2026-03-12T00:00:00Z',
      }),
    );
    expect(position).toBeDefined();
    await waitUntil(
      'the difference to be nothing',
      async () => (await balance('?marketplace=n')).difference.orders === 0,
    );
  });

  it('narrows to a range of creation dates', async () => {
    const ofDay = await balance('?from=2026-03-01&to=2026-03-01');
    expect(ofDay.captured.orders).toBe(6);
    expect(ofDay.source.orders).toBe(6);
    expect((await balance('?to=2026-02-28')).captured.orders).toBe(0);
    expect((await balance('?from=2026-03-01T10:15:00Z&to=2026-03-01T10:15:00Z')).captured.orders).toBe(5);
    await expect(balance('?from=2026-03-02&to=2026-03-01')).rejects.toThrow('400');
    await expect(balance('?from=yesterday')).rejects.toThrow('400');
    await expect(balance('?form=2026-03-01')).rejects.toThrow('400');
    await expect(balance('?marketplace=unheard-of')).rejects.toThrow('There is no marketplace');
  });

  it("tells an order's story", async () => {
    const story = await monitor.get<OrderStory>(`/orders/${encodeURIComponent('m:A-1')}`);
    expect(Compile(OrderStorySchema).Check(story)).toBe(true);
    expect(story).toMatchObject({
      bucket: 'verified',
      reason: null,
      amount: { amount: '49.90', currency: 'EUR' },
    });
    expect(story.events.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['placed', 'verified'],
      ['refunded', 'verified'],
    ]);
    expect(story.refunds).toMatchObject([{ kind: 'refund', id: '1', amount: { amount: '10.00' } }]);
    expect(story.timeline.map(({ chapter, what }) => `${chapter} ${what}`)).toEqual([
      'mirakl_said order',
      'we_understood mapped',
      'read_back verified',
      'read_back verified',
      'mirakl_said refund',
    ]);
  });

  it('explains why an order has not arrived', async () => {
    const story = await monitor.get<OrderStory>('/orders/m%3AA-2');
    expect(story.why).toMatchObject({ owner: 'marketing', ownerContact: 'marketing@example.com' });
    expect(story.ageSeconds).toBeGreaterThan(0);
    const failed = await monitor.get<OrderStory>('/orders/n%3AA-1');
    expect(failed.timeline.at(-1)).toMatchObject({
      chapter: 'klaviyo_answered',
      detail: 'metric is not valid',
    });
  });

  it('answers 404 with a sentence for an order that nobody knows', async () => {
    await expect(monitor.get('/orders/m%3Anobody')).rejects.toThrow(
      /404 .*"code":"not_found".*knows no order/,
    );
  });

  it('finds orders by order number, basket, bucket and reason, page by page', async () => {
    const list = (query: string) => monitor.get<Orders>(`/orders?${query}`);
    const keys = async (query: string) => (await list(query)).orders.map(({ orderKey }) => orderKey).sort();
    expect(Compile(OrdersSchema).Check(await list(''))).toBe(true);
    expect(await keys('query=a-4')).toEqual(['m:A-4']);
    expect(await keys('query=b-a-3')).toEqual(['m:A-3', 'n:A-3']);
    expect(await keys(`query=${encodeURIComponent('m:A-2')}`)).toEqual(['m:A-2']);
    expect(await keys('query=%25')).toEqual([]);
    expect(await keys('bucket=failed')).toEqual(['m:A-4', 'n:A-1']);
    expect(await keys('reason=contact.relay')).toEqual(['m:A-2']);
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page: Orders = await list(`limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.orders.map(({ orderKey }) => orderKey));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    await expect(list('cursor=nonsense')).rejects.toThrow('400');
  });

  it('says how fresh each marketplace is, and what fails', async () => {
    await fixture.publish({
      kind: 'poll_failed',
      outcomeId: 'n:poll_failed:2026-03-12T00:00:00Z',
      marketplaceId: 'n',
      at: '2026-03-12T00:00:00Z',
      consecutive: 3,
      reason: 'source.unreachable',
      detail: 'HTTP 401',
    });
    const failing = await waitUntil('the failure to be folded', async () => {
      const now = await monitor.get<Marketplaces>('/marketplaces');
      return now.marketplaces.find(({ id, lastFailure }) => id === 'n' && lastFailure) && now;
    });
    expect(Compile(MarketplacesSchema).Check(failing)).toBe(true);
    const [m, n] = failing.marketplaces;
    expect(m).toMatchObject({
      id: 'm',
      health: 'late',
      lastAudit: { orders: 4, settled: true },
      lastFailure: null,
    });
    expect(n).toMatchObject({
      health: 'failing',
      lastFailure: { ongoing: true, consecutive: 3, detail: 'HTTP 401' },
    });
    await waitUntil('the failure to be on the desk', async () => {
      const { groups } = await monitor.get<Exceptions>('/exceptions?marketplace=n');
      return groups.some(({ reason }) => reason === 'source.unreachable');
    });
  });

  it('changes nothing when everything is said again', async () => {
    const before = { balance: await balance(), orders: await monitor.get<Orders>('/orders') };
    const stories = async () =>
      Promise.all(
        before.orders.orders.map(({ orderKey }) =>
          monitor.get<OrderStory>(`/orders/${encodeURIComponent(orderKey)}`),
        ),
      );
    const storiesBefore = await stories();
    // The same messages, published again, so that the end of the redelivery can be seen.
    await fixture.publish(...told, orderFact('m:LAST', { createdAt: '2026-03-30T00:00:00Z' }));
    await waitUntil(
      'the redelivery to be folded',
      async () => (await monitor.get<Orders>('/orders?query=LAST')).orders.length === 1,
    );
    expect(withoutAge(await balance())).toEqual(withoutAge(before.balance));
    expect(withoutAge(await stories())).toEqual(withoutAge(storiesBefore));
  });

  it('knows everything after a restart and goes on', async () => {
    const before = await balance();
    await monitor.stop();
    await fixture.publish(mapped('m:LAST'), verified('m:LAST'));
    monitor = await fixture.start();
    expect(withoutAge(await balance())).toEqual(withoutAge(before));
    await waitUntil('what came meanwhile to be folded', async () => {
      const story = await monitor.get<OrderStory>('/orders/m%3ALAST');
      return story.bucket === 'verified';
    });
  });

  it('keeps sums that are the sums of its orders, and adds the changes up', async () => {
    await waitUntil('the changes to be added up', async () => {
      const [row] = await monitor.database.query<{ n: number }>(
        'select count(*)::int as n from balance_delta',
      );
      return row?.n === 0;
    });
    const wrong = await monitor.database.query(
      `with fresh as (
         select marketplace_id, (created_at at time zone 'UTC')::date as day, bucket as kind, coalesce(reason, '') as reason,
           coalesce(currency, '') as currency, count(*) as orders, coalesce(sum(amount_minor), 0) as minor
         from ledger_order where bucket is not null group by 1, 2, 3, 4, 5
       ), kept as (
         select marketplace_id, day, kind, reason, currency, orders, minor from balance_day where kind <> 'source' and orders <> 0
       )
       (select * from fresh except select * from kept) union all (select * from kept except select * from fresh)`,
    );
    expect(wrong).toEqual([]);
  });
});

/** Without what depends on when one looks. */
function withoutAge(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'ageSeconds' ? 0 : inner)));
}
