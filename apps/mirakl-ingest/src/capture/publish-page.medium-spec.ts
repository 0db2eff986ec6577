// real: [Kafka, PostgreSQL], double: [the source]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Leases } from '@watertight/postgres';
import { RetryableError } from '@watertight/service';
import { normaliseOrder } from '../mirakl/seller/normalise-order.ts';
import { lineFixture, orderFixture, refundFixture } from '../mirakl/seller/order.fixture.ts';
import { type IngestFixture, startIngest } from '../poll/ingest.fixture.ts';
import { readPublishedUpTo } from '../poll/progress.store.ts';
import { readKnown } from './capture.store.ts';
import type { SourceOrder } from './normalised-order.ts';
import { CaptureTurn } from './capture-turn.ts';
import { type CaptureParts, publishPage } from './publish-page.ts';

const answeredAt = new Date('2026-03-10T00:00:00Z');
const origin = { marketplaceId: 'maison-fr', api: 'seller', source: 'poll' } as const;
const key = 'maison-fr:W-1001-A';
let ingest: IngestFixture;
let parts: CaptureParts;

beforeAll(async () => {
  ingest = await startIngest();
  const { database, published: publisher, topics } = ingest;
  parts = { database, publisher, topics, assertHeld: async () => undefined, turn: new CaptureTurn() };
});
beforeEach(() => ingest.clear());
afterAll(() => ingest.stop());

function order(changes: Record<string, unknown> = {}): SourceOrder {
  const refunds = [refundFixture({ refund_state: 'REFUNDED' })];
  return normaliseOrder(orderFixture({ order_lines: [lineFixture({ refunds })], ...changes }), {
    orderTaxMode: 'TAX_INCLUDED',
    emailFrom: [],
    baseUrl: 'https://maison.example',
    readAt: answeredAt,
  });
}

const unreadable = (bytes: Buffer): SourceOrder => ({
  kind: 'unreadable',
  reason: 'source.unparseable',
  detail: '/total_price is missing',
  orderId: 'W-2',
  createdAt: '2026-03-01T00:00:00Z',
  bytes,
});
const publish = (orders: readonly SourceOrder[]) =>
  publishPage(parts, { orders, answeredAt }, origin, async () => undefined);

describe('publishPage', () => {
  it('records the hashes of what it published, and how far that is', async () => {
    await expect(publish([order()])).resolves.toEqual({ seen: 1, changed: 1, differing: [] });
    const refundId = `${key}:refund:501`;
    const known = await readKnown(ingest.database, [key], [refundId]);
    expect(known.orders.get(key)).toMatchObject({
      revision: 1,
      contentHash: ingest.published.orders()[0]?.contentHash,
      unreadableHash: null,
    });
    expect(known.refunds.get(refundId)).toMatchObject({
      revision: 1,
      final: true,
      kind: 'refund',
      orderKey: key,
    });
    const offsets = Object.values(await readPublishedUpTo(ingest.database, 'maison-fr'));
    expect(offsets).toHaveLength(1);
    await expect(publish([order()])).resolves.toEqual({ seen: 1, changed: 0, differing: [] });
  });

  it('keys refunds and failures by their order, so that they stay in one partition', async () => {
    await publish([order(), unreadable(Buffer.from('{"order_id":"W-2"}'))]);
    expect(ingest.published.messages.map((message) => [message.key, message.subject])).toEqual([
      [key, key],
      [key, key],
      ['maison-fr:W-2', 'maison-fr:W-2'],
    ]);
    expect(ingest.published.outcomes()[0]).toMatchObject({
      orderCreatedAt: '2026-03-01T00:00:00Z',
      revision: 1,
    });
  });

  it('keeps the bytes of a very large order that cannot be read', async () => {
    const bytes = Buffer.from(JSON.stringify({ text: 'lorem '.repeat(500_000) }));
    await publish([unreadable(bytes)]);
    const [letter] = ingest.published.deadLetters;
    expect(letter?.headers['content-encoding']).toBe('gzip');
    expect(letter?.value?.length).toBeLessThan(bytes.length);
  });

  it('records nothing and moves no cursor when publishing fails', async () => {
    ingest.published.before = () => {
      throw new RetryableError('the broker is away');
    };
    let moved = false;
    const failed = publishPage(parts, { orders: [order()], answeredAt }, origin, async () => {
      moved = true;
    });
    await expect(failed).rejects.toThrow('the broker is away');
    const known = await readKnown(ingest.database, [key], []);
    expect([moved, known.orders.get(key)?.contentHash]).toEqual([false, null]);
  });

  it('publishes nothing for a marketplace that another replica polls', async () => {
    const mine = new Leases(ingest.database, 'replica-1', 60_000);
    await new Leases(ingest.database, 'replica-2', 60_000).acquire('poll:maison-fr');
    const assertHeld: CaptureParts['assertHeld'] = (transaction, id) =>
      mine.assertHeld(transaction, `poll:${id}`);
    const refused = publishPage(
      { ...parts, assertHeld },
      { orders: [order()], answeredAt },
      origin,
      async () => undefined,
    );
    await expect(refused).rejects.toBeInstanceOf(RetryableError);
    expect(ingest.published.messages).toEqual([]);
  });
});
