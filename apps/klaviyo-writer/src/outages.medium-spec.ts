// real: [PostgreSQL, HTTP, the official SDK], double: [Klaviyo (the sandbox, as a process), Kafka's publisher]
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BuyerEvent } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import { buyerEvent } from './writer.fixture.ts';
import { type BenchWriter, benchWriter, KlaviyoDouble } from './writer-bench.fixture.ts';

// Time runs a hundred times as fast here where the writer sets it: a pause of a second is one of 10 ms.

let klaviyo: KlaviyoDouble;
let writer: BenchWriter;

beforeAll(async () => {
  klaviyo = await KlaviyoDouble.start();
});
afterAll(async () => {
  await klaviyo.stop();
});
beforeEach(async () => {
  await klaviyo.reset();
  writer = await benchWriter({ baseUrl: klaviyo.baseUrl, timeoutMs: 400, deadlineMs: 800 });
});
afterEach(async () => {
  await writer.close();
});

/** Lanes that bring history (bulk) and live orders (single) side by side, as they come from Kafka. */
function lanes(count: number): BuyerEvent[][] {
  const lane = (from: number, size: number): BuyerEvent[] =>
    Array.from({ length: size }, (_, index) => buyerEvent(`N-${from + index}`));
  return Array.from({ length: count }, (_, index) => lane(index * 1_000, index % 3 === 0 ? 60 : 5));
}

async function deliverAll(all: readonly BuyerEvent[][]): Promise<void> {
  await Promise.all(all.map((events) => writer.deliverAtLast(...events)));
}

/** Every event is stored exactly once, read back, and said to be so; nobody exceeded the quota. */
async function expectBalance(all: readonly BuyerEvent[][]): Promise<void> {
  const events = all.flat();
  await waitUntil(
    'every event to be verified',
    async () => {
      await writer.verify.round();
      const open = events.filter(({ eventId }) => writer.published.wordOn(eventId) !== 'verified');
      return open.length === 0;
    },
    { deadlineMs: 60_000 },
  );
  const truth = await klaviyo.truth();
  expect({
    events: (await klaviyo.events()).length,
    doubled: truth.doubled,
    throttled: truth.throttled,
  }).toEqual({
    events: events.length * 2,
    doubled: 0,
    throttled: 0,
  });
}

describe('balance after', () => {
  it('a storm of 429', async () => {
    await klaviyo.fault({ kind: 'status', status: 429, retryAfter: 1, ratio: 0.5 });
    const all = lanes(6);
    const delivered = deliverAll(all);
    await waitUntil('ten refusals', async () => ((await klaviyo.truth()).statuses['429'] ?? 0) >= 10, {
      deadlineMs: 60_000,
    });
    await klaviyo.clearFaults();
    await delivered;
    await expectBalance(all);
  });

  it('a long outage: the lanes wait, and nothing is given up', async () => {
    await klaviyo.fault({ kind: 'status', status: 503, method: 'POST' });
    const all = lanes(9);
    const delivered = deliverAll(all);
    await waitUntil('a dozen tries', async () => ((await klaviyo.truth()).statuses['503'] ?? 0) >= 12);
    await waitUntil('the next one', async () => ((await klaviyo.truth()).statuses['503'] ?? 0) >= 16);
    await klaviyo.clearFaults();
    await delivered;
    await expectBalance(all);
    expect(writer.published.outcomes.some((one) => one.kind === 'fact' && one.outcome === 'failed')).toBe(
      false,
    );
  });

  it.each(['store-then-500', 'store-then-hang', 'store-then-reset', 'hang'])(
    '%s now and then',
    async (kind) => {
      await klaviyo.fault({ kind, method: 'POST', ratio: 0.05 });
      const all = lanes(12);
      await deliverAll(all);
      await klaviyo.clearFaults();
      await expectBalance(all);
    },
  );

  it('events that are accepted and lost', async () => {
    await klaviyo.fault({ kind: 'accept-then-lose', ratio: 0.02 });
    const all = lanes(12);
    await deliverAll(all);
    // What is sent once more arrives; what is lost twice is for a person (see deliver-batch.medium-spec.ts).
    await klaviyo.clearFaults();
    await expectBalance(all);
    expect((await klaviyo.truth()).lost).toBeGreaterThan(0);
  });
});
