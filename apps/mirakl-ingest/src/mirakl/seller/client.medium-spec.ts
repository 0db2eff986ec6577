// real: [HTTP], double: [Mirakl, by the sandbox with faults]
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '@watertight/service';
import { policyFixture } from '../../poll/ingest.fixture.ts';
import { MiraklSandbox, type SandboxShop } from '../../poll/sandbox.fixture.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { SellerClient } from './client.ts';
import { SellerSource } from './seller-source.ts';

const none = new AbortController().signal;
const since = new Date('2020-01-01T00:00:00Z');
let mirakl: MiraklSandbox;
let shop: SandboxShop;
let waits: number[];
let source: SellerSource;

/** Pauses are noted and not made. */
const clock: Clock = {
  now: () => new Date(),
  sleep: async (ms) => void waits.push(ms),
};

beforeAll(async () => {
  mirakl = await MiraklSandbox.start();
  shop = await mirakl.open({ historyOrders: 3 });
});
afterEach(async () => {
  await mirakl.control('DELETE', '/faults');
  await source.close();
});
afterAll(async () => {
  await shop.source.close();
  await mirakl.sandbox.stop();
});

function begin(random: () => number = () => 0.5): void {
  waits = [];
  const { id, policy } = shop;
  const client = new SellerClient({
    marketplaceId: id,
    baseUrl: policy.baseUrl,
    apiKey: `sandbox-${id}-key`,
    clock,
    random,
    timeoutMs: 1_000,
  });
  source = new SellerSource(policyFixture(policy), client);
}

const fault = (body: Record<string, unknown>) =>
  mirakl.control('POST', '/faults', { target: `mirakl:${shop.id}`, ...body });
const count = () => source.countOrdersCreated(since, systemClock.now(), none);

describe('a call to Mirakl', () => {
  it.each([
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: 7 }],
    ['500', { kind: 'status', status: 500 }],
    ['503 as HTML', { kind: 'html', status: 503 }],
    ['no answer in time', { kind: 'hang' }],
    ['a reset connection', { kind: 'reset' }],
    ['half a JSON', { kind: 'torn-json' }],
  ])('is made again after %s, with a pause', async (_what, body) => {
    begin();
    await fault({ ...body, times: 2 });
    await expect(count()).resolves.toMatchObject({ orders: 3 });
    expect(waits).toHaveLength(2);
    expect(Math.min(...waits)).toBeGreaterThan(0);
  });

  it('obeys Retry-After to the second, and else waits longer each time, by chance', async () => {
    begin();
    await fault({ kind: 'status', status: 429, retryAfter: 7, times: 1 });
    await count();
    expect(waits).toEqual([7_000]);
    const pauses: number[][] = [];
    for (const chance of [0.1, 0.9]) {
      await source.close();
      begin(() => chance);
      await fault({ kind: 'status', status: 500, times: 2 });
      await count();
      pauses.push(waits);
    }
    const [[first = 0, second = 0] = [], [other = 0] = []] = pauses;
    expect(second).toBeGreaterThan(first);
    expect(other).not.toBe(first);
  });

  it.each([
    ['an outage that lasts', { kind: 'status', status: 503 }, 'unavailable'],
    ['a key that is refused', { kind: 'status', status: 401 }, 'unauthorised'],
    ['a call that is refused', { kind: 'status', status: 400 }, 'rejected'],
    ['a long wait', { kind: 'status', status: 429, retryAfter: 600 }, 'rate_limited'],
  ])('ends in an error that says what it was: %s', async (_what, body, kind) => {
    begin();
    await fault(body);
    await expect(count()).rejects.toThrow(MiraklError);
    await expect(count()).rejects.toMatchObject({ kind });
  });
});
