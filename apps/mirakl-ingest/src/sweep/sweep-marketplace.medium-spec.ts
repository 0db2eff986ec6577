// real: [Kafka, PostgreSQL], double: [Mirakl's OR11, without HTTP]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@watertight/testing';
import { Or11Double, pagesOf } from '../mirakl/seller/or11-double.fixture.ts';
import { lineFixture, orderFixture, refundFixture } from '../mirakl/seller/order.fixture.ts';
import { SellerSource } from '../mirakl/seller/seller-source.ts';
import { type IngestFixture, policyFixture, startIngest } from '../poll/ingest.fixture.ts';
import { pollMarketplace } from '../poll/poll-marketplace.ts';
import { readSweep } from './sweep.store.ts';
import { sweepStep } from './sweep-marketplace.ts';

const none = new AbortController().signal;
const policy = policyFixture({ pollIntervalMs: 300_000 });
let ingest: IngestFixture;
let clock: FakeClock;
let double: Or11Double;
let source: SellerSource;

beforeAll(async () => {
  ingest = await startIngest();
});
beforeEach(async () => {
  await ingest.clear();
  clock = new FakeClock('2026-03-10T12:00:00Z');
  double = new Or11Double(() => clock.now());
  source = new SellerSource(policy, pagesOf(double), 10);
});
afterAll(() => ingest.stop());

const poll = () => pollMarketplace(policy, ingest.parts(source, { clock }), none);
const sweep = () => sweepStep(policy, { ...ingest.parts(source, { clock }), sweepDays: 14 }, none);
const missed = () =>
  ingest.published.outcomesOf('fact').filter(({ reason }) => reason === 'source.missed_by_poll');
const sightings = () => ingest.published.outcomesOf('sighting');
const orderAt = (index: number, changes: Record<string, unknown> = {}) =>
  orderFixture({
    order_id: `W-${index}`,
    created_date: `2026-03-0${1 + (index % 8)}T10:00:00Z`,
    last_updated_date: '2026-03-09T10:00:00Z',
    ...changes,
  });

/** The history is read, and a day later a sweep is due. */
async function dayLater(): Promise<void> {
  await poll();
  await sweep();
  await clock.advance(86_400_000);
  await poll();
  ingest.published.messages = [];
}

describe('sweepStep', () => {
  it('sees every order of the last days by creation date, and publishes none that is known', async () => {
    for (let index = 0; index < 25; index += 1) double.put(orderAt(index));
    double.put(orderAt(99, { created_date: '2026-01-05T10:00:00Z' }));
    await dayLater();
    await sweep();
    expect(ingest.published.orders()).toEqual([]);
    expect(new Set(sightings().map(({ orderKey }) => orderKey)).size).toBe(25);
    expect(sightings()[0]).toMatchObject({
      marketplaceId: 'maison-fr',
      amount: { amount: '49.90', currency: 'EUR' },
      at: '2026-03-11T12:00:00.000Z',
    });
    expect(missed()).toEqual([]);
    expect(await readSweep(ingest.database, 'maison-fr', clock.now())).toMatchObject({
      sweptAt: clock.now(),
      underWay: null,
    });
  });

  it('says the content hash that was published with the order', async () => {
    double.put(orderAt(1));
    await poll();
    const [fact] = ingest.published.orders();
    await dayLater();
    await sweep();
    expect(sightings()[0]?.contentHash).toBe(fact?.contentHash);
  });

  it('captures and reports an order and a change that the fast loop had passed', async () => {
    double.put(orderAt(1));
    await dayLater();
    double.put(orderAt(1, { order_state: 'SHIPPED' }));
    double.put(orderAt(2, { order_lines: [lineFixture({ refunds: [refundFixture()] })] }));
    await poll();
    expect(ingest.published.orders()).toEqual([]);
    await sweep();
    expect(
      ingest.published
        .orders()
        .map(({ orderId, source }) => [orderId, source])
        .sort(),
    ).toEqual([
      ['W-1', 'sweep'],
      ['W-2', 'sweep'],
    ]);
    expect(
      missed()
        .map(({ factId, outcome }) => [factId, outcome])
        .sort(),
    ).toEqual([
      ['maison-fr:W-1', 'captured'],
      ['maison-fr:W-2', 'captured'],
      ['maison-fr:W-2:refund:501', 'captured'],
    ]);
  });

  it('does not blame the fast loop for what changed after its watermark', async () => {
    double.put(orderAt(1));
    await dayLater();
    double.put(orderAt(1, { order_state: 'SHIPPED', last_updated_date: '2026-03-11T11:59:00Z' }));
    await sweep();
    expect(ingest.published.orders()).toHaveLength(1);
    expect(missed()).toEqual([]);
  });

  it('goes on at its next page after a crash', async () => {
    for (let index = 0; index < 25; index += 1) double.put(orderAt(index));
    await dayLater();
    let pages = 0;
    ingest.published.before = () => {
      pages += 1;
      if (pages === 2) throw new Error('crash');
    };
    await expect(sweep()).rejects.toThrow('crash');
    double.asked.length = 0;
    await sweep();
    expect(double.asked[0]?.get('offset')).toBe('10');
    expect(new Set(sightings().map(({ orderKey }) => orderKey)).size).toBe(25);
  });

  it('looks once more when it saw fewer orders than Mirakl counts', async () => {
    for (let index = 0; index < 5; index += 1) double.put(orderAt(index));
    await dayLater();
    let isHidden = true;
    double.beforeAnswer = (query) => {
      if (query.get('max') === '1' || !isHidden) return undefined;
      isHidden = false;
      return { status: 200, body: '{"orders":[],"total_count":0}', headers: {} };
    };
    await sweep();
    expect(new Set(sightings().map(({ orderKey }) => orderKey)).size).toBe(5);
  });
});
