// real: [Kafka, PostgreSQL, HTTP], double: [Mirakl's OR11]
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@watertight/service';
import { wantOrders } from '../commands/wanted-order.store.ts';
import { SellerClient } from '../mirakl/seller/client.ts';
import {
  type DoubleAnswer,
  Or11Double,
  type ServedDouble,
  serveOr11,
} from '../mirakl/seller/or11-double.fixture.ts';
import { lineFixture, orderFixture, refundFixture } from '../mirakl/seller/order.fixture.ts';
import { SellerSource } from '../mirakl/seller/seller-source.ts';
import { type IngestFixture, policyFixture, startIngest } from './ingest.fixture.ts';
import { pollMarketplace } from './poll-marketplace.ts';
import { readProgress } from './progress.store.ts';

const none = new AbortController().signal;
let ingest: IngestFixture;
let served: ServedDouble;
let double: Or11Double;
let source: SellerSource;

beforeAll(async () => {
  ingest = await startIngest();
});
beforeEach(async () => {
  await ingest.clear();
  double = new Or11Double(() => new Date());
  served = await serveOr11(double);
  const policy = policyFixture({ baseUrl: served.baseUrl });
  const client = new SellerClient({
    marketplaceId: policy.id,
    baseUrl: served.baseUrl,
    apiKey: 'key-of-the-double',
    clock: systemClock,
    random: () => 0,
  });
  source = new SellerSource(policy, client);
});
afterEach(async () => {
  await source.close();
  await served.stop();
});
afterAll(() => ingest.stop());

const policy = () => policyFixture({ baseUrl: served.baseUrl });
const poll = () => pollMarketplace(policy(), ingest.parts(source), none);
const progress = () => readProgress(ingest.database, 'maison-fr');
const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / 1_000) * 1_000 - minutes * 60_000);
const stamp = (time: Date) => time.toISOString().replace('.000Z', 'Z');
const orderAt = (index: number, changes: Record<string, unknown> = {}) =>
  orderFixture({
    order_id: `W-${1_000 + index}`,
    created_date: stamp(minutesAgo(5_000 - index)),
    last_updated_date: stamp(minutesAgo(4_000 - index)),
    ...changes,
  });

describe('pollMarketplace', () => {
  it('captures all history since backfillFrom on the first start, page by page, and then moves the watermark', async () => {
    for (let index = 0; index < 250; index += 1) double.put(orderAt(index));
    const before = Date.now();
    await expect(poll()).resolves.toEqual({ audited: true });
    expect(new Set(ingest.published.orders().map(({ orderKey }) => orderKey)).size).toBe(250);
    // The first call counts the history: a large one would be a backfill's to read.
    expect(double.asked[0]?.get('max')).toBe('1');
    const scan = double.asked.slice(1, 4);
    expect(scan.map((query) => query.get('offset') ?? '0')).toEqual(['0', '100', '200']);
    for (const query of scan) {
      expect(Object.fromEntries(query)).toMatchObject({
        max: '100',
        start_update_date: '2025-12-31T23:55:00Z',
        sort: 'dateCreated',
        order: 'asc',
        order_tax_mode: 'TAX_INCLUDED',
        shop_id: '2001',
      });
      for (const narrowing of ['end_update_date', 'order_state_codes', 'customer_debited']) {
        expect(query.has(narrowing)).toBe(false);
      }
    }
    const { watermark, scan: underWay, pollsCompleted } = await progress();
    expect(watermark?.getTime()).toBeLessThanOrEqual(before - 299_000);
    expect(watermark?.getTime()).toBeGreaterThan(before - 302_000);
    expect([underWay, pollsCompleted]).toEqual([null, 1]);
  });

  it('publishes nothing twice, and then only what has changed', async () => {
    double.put(orderAt(1, { last_updated_date: stamp(minutesAgo(1)) }));
    double.put(orderAt(2, { last_updated_date: stamp(minutesAgo(1)) }));
    await poll();
    await poll();
    expect(ingest.published.orders()).toHaveLength(2);
    double.put(orderAt(2, { last_updated_date: stamp(minutesAgo(0)), order_state: 'SHIPPED' }));
    await poll();
    expect(ingest.published.orders()).toHaveLength(3);
    expect(ingest.published.orders()[2]).toMatchObject({
      orderKey: 'maison-fr:W-1002',
      revision: 2,
      state: 'SHIPPED',
    });
  });

  it('says how far it came, so that the balance can be stated at a settled cut', async () => {
    for (let index = 0; index < 20; index += 1) double.put(orderAt(index));
    await poll();
    const [completed] = ingest.published.outcomesOf('poll_completed');
    expect(completed).toMatchObject({ marketplaceId: 'maison-fr', ordersSeen: 20, ordersChanged: 20 });
    const total = Object.values(completed?.publishedUpTo ?? {}).reduce(
      (sum, offset) => sum + Number(offset),
      0,
    );
    expect(total).toBeGreaterThanOrEqual(20);
    const [audit] = ingest.published.outcomesOf('count_audit');
    expect(audit).toMatchObject({
      marketplaceId: 'maison-fr',
      orders: 20,
      since: '2026-01-01T00:00:00.000Z',
    });
    expect(Object.fromEntries(double.asked.at(-1) ?? [])).toMatchObject({
      start_date: '2026-01-01T00:00:00Z',
      end_date: audit?.until.replace('.000Z', 'Z'),
      max: '1',
    });
    await poll();
    expect(ingest.published.outcomesOf('poll_completed')[1]?.publishedUpTo).toEqual(completed?.publishedUpTo);
  });

  it('keeps the watermark behind a page that was not published', async () => {
    for (let index = 0; index < 150; index += 1) double.put(orderAt(index));
    let calls = 0;
    ingest.published.before = () => {
      calls += 1;
      if (calls === 2) throw new Error('crash before the second page was published');
    };
    await expect(poll()).rejects.toThrow('crash');
    expect(await progress()).toMatchObject({
      watermark: null,
      scan: { cursor: expect.stringContaining('offset=100') },
    });
    expect(ingest.published.orders()).toHaveLength(100);
    double.asked.length = 0;
    await poll();
    expect(double.asked[0]?.get('offset')).toBe('100');
    expect(ingest.published.orders()).toHaveLength(150);
    expect((await progress()).watermark).not.toBeNull();
  });

  it('publishes again, under the same ids and a higher revision, what a crash left unrecorded', async () => {
    double.put(orderAt(1));
    ingest.published.after = () => {
      throw new Error('crash after the page was published');
    };
    await expect(poll()).rejects.toThrow('crash');
    ingest.published.after = () => undefined;
    double.put(orderAt(1, { order_state: 'SHIPPED' }));
    await poll();
    const facts = ingest.published.orders();
    expect(facts.map(({ orderKey }) => orderKey)).toEqual(['maison-fr:W-1001', 'maison-fr:W-1001']);
    expect(facts.map(({ revision, state }) => [revision, state])).toEqual([
      [1, 'SHIPPING'],
      [2, 'SHIPPED'],
    ]);
  });

  it('keeps the bytes of an order that cannot be read, goes on, and captures it once it can', async () => {
    double.put(orderAt(1));
    double.put(orderAt(2, { total_price: 'n/a' }));
    double.put(orderAt(3));
    await poll();
    expect(ingest.published.orders().map(({ orderId }) => orderId)).toEqual(['W-1001', 'W-1003']);
    expect(ingest.published.outcomesOf('fact')).toMatchObject([
      {
        orderKey: 'maison-fr:W-1002',
        factId: 'maison-fr:W-1002',
        outcome: 'failed',
        reason: 'source.unparseable',
        stage: 'ingest',
      },
    ]);
    const [letter] = ingest.published.deadLetters;
    expect(letter).toMatchObject({
      topic: ingest.topics.orders.name,
      group: 'mirakl-ingest',
      reason: 'source.unparseable',
    });
    expect(JSON.parse(letter?.value?.toString() ?? '')).toMatchObject({
      order_id: 'W-1002',
      total_price: 'n/a',
    });
    expect((await progress()).watermark).not.toBeNull();

    await poll();
    expect(ingest.published.deadLetters).toHaveLength(1);

    // Its update date does not move: it is asked for by id until it can be read.
    double.put(orderAt(2));
    await poll();
    expect(ingest.published.orders().at(-1)).toMatchObject({ orderId: 'W-1002', revision: 2 });
  });

  it('tells of a value it does not know once, and again when it has been seen twice as often', async () => {
    const unknown = { order_state: 'BY_DRONE', last_updated_date: stamp(minutesAgo(0)) };
    const told = () => ingest.published.outcomesOf('unknown_value').map(({ value, count }) => [value, count]);
    for (let index = 0; index < 3; index += 1) double.put(orderAt(index, unknown));
    await poll();
    expect(told()).toEqual([['BY_DRONE', 3]]);
    await poll();
    double.put(orderAt(3, unknown));
    await poll();
    expect(told()).toHaveLength(1);
    for (let index = 4; index < 6; index += 1) double.put(orderAt(index, unknown));
    await poll();
    expect(told()).toEqual([
      ['BY_DRONE', 3],
      ['BY_DRONE', 6],
    ]);
    expect(ingest.published.orders()).toHaveLength(6);
  });

  it('follows a refund whose last step does not move the update date', async () => {
    const withRefund = (refund_state: string) =>
      orderAt(1, { order_lines: [lineFixture({ refunds: [refundFixture({ refund_state })] })] });
    double.put(withRefund('WAITING_REFUND'));
    await poll();
    double.put(withRefund('REFUNDED'));
    await poll();
    expect(ingest.published.refunds().map(({ revision, state, final }) => [revision, state, final])).toEqual([
      [1, 'WAITING_REFUND', false],
      [2, 'REFUNDED', true],
    ]);
    double.asked.length = 0;
    await poll();
    expect(double.asked.some((query) => query.has('order_ids'))).toBe(false);
  });

  it('fetches what a person asked for and publishes it although nothing has changed', async () => {
    double.put(orderAt(1));
    await poll();
    const wanted = {
      orderKey: 'maison-fr:W-1001',
      marketplaceId: 'maison-fr',
      commandId: 'c-1',
      requestedAt: new Date(),
    };
    await wantOrders(ingest.database, [
      wanted,
      { ...wanted, orderKey: 'maison-fr:unknown', commandId: 'c-2' },
    ]);
    await poll();
    expect(ingest.published.orders().at(-1)).toMatchObject({
      orderId: 'W-1001',
      source: 'refetch',
      revision: 1,
    });
    await poll();
    expect(ingest.published.orders()).toHaveLength(2);
  });

  it('reads history again when the policy allows another address field', async () => {
    double.put(orderAt(1));
    await poll();
    const allowing = {
      ...policy(),
      contact: { ...policy().contact, emailFrom: ['additional:customer-email'] },
    };
    const client = new SellerClient({
      marketplaceId: 'maison-fr',
      baseUrl: served.baseUrl,
      apiKey: 'key-of-the-double',
      clock: systemClock,
      random: () => 0,
    });
    await pollMarketplace(allowing, ingest.parts(new SellerSource(allowing, client)), none);
    await client.close();
    expect(ingest.published.orders().at(-1)?.buyer.contacts).toEqual([
      { field: 'additional:customer-email', value: 'Ines.Invented@example.org' },
    ]);
  });

  it('waits out a 429 and half an answer inside the scan', async () => {
    double.put(orderAt(1));
    const troubles: DoubleAnswer[] = [
      { status: 429, body: '', headers: { 'retry-after': '0' } },
      { status: 200, body: '{"orders":[{"order_id"', headers: {} },
    ];
    double.beforeAnswer = () => troubles.shift();
    await poll();
    expect(ingest.published.orders()).toHaveLength(1);
  });

  it('stops at once with a clear word when the key is wrong', async () => {
    const client = new SellerClient({
      marketplaceId: 'maison-fr',
      baseUrl: served.baseUrl,
      apiKey: 'a-wrong-key',
      clock: systemClock,
      random: () => 0,
    });
    const failed = pollMarketplace(policy(), ingest.parts(new SellerSource(policy(), client)), none);
    await expect(failed).rejects.toMatchObject({
      kind: 'unauthorised',
      message: expect.stringContaining('check apiKey'),
    });
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining('a-wrong-key') });
    expect(served.keys).toEqual(['a-wrong-key']);
    await client.close();
  });
});
