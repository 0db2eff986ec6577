// real: [PostgreSQL, the clock], double: []
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createDatabase, type Database, runMigrations } from '@watertight/postgres';
import { RetryableError, systemClock } from '@watertight/service';
import { createTestSchema, type TestSchema, testStack } from '@watertight/testing';
import { WRITER_MIGRATIONS } from '../writer.module.ts';
import { AccountLimiter } from './account-limiter.ts';
import { LimiterStore } from './limiter.store.ts';

let schema: TestSchema;
let database: Database;

beforeAll(async () => {
  const { databaseUrl } = testStack();
  schema = await createTestSchema(databaseUrl, { create: false });
  database = createDatabase({ url: databaseUrl, schema: schema.schema, migrations: WRITER_MIGRATIONS });
  await runMigrations(database);
});
afterAll(async () => {
  await database.close();
  await schema.drop();
});
beforeEach(async () => {
  await database.execute('truncate account_limit');
});

const replica = (share = 1) =>
  new AccountLimiter({
    store: new LimiterStore(database),
    clock: systemClock,
    share,
    enabled: true,
    monotonicMs: () => performance.now(),
  });

describe('the limiter of the account', () => {
  it('lets a lone request go at once', async () => {
    const permit = await replica().takeOne('bulk');
    expect(permit.slotMs - performance.now()).toBeLessThan(50);
  });

  it('gives two replicas together no more than one would get', async () => {
    const replicas = [replica(), replica()];
    const permits = await Promise.all(
      Array.from({ length: 40 }, (_, index) => replicas[index % 2]!.takeOne('bulk')),
    );
    const slots = permits.map(({ slotMs }) => slotMs).sort((one, other) => one - other);
    const gaps = slots.slice(1).map((slot, index) => slot - slots[index]!);
    // 60.45 s / 149.5 requests; the answers of the database come a little sooner or later.
    expect((slots.at(-1)! - slots[1]!) / 38).toBeCloseTo(404.4, -1);
    expect(Math.min(...gaps.slice(1))).toBeGreaterThan(100);
  });

  it('lets a burst of live events go at once, and then keeps the pace', async () => {
    const permits = await replica().take('single', 80);
    const inMs = permits.map(({ slotMs }) => slotMs - permits[0]!.slotMs);
    expect(inMs[59]).toBeLessThan(200);
    expect(inMs[79]! - inMs[60]!).toBeGreaterThan(250);
  });

  it('leaves a share to others', async () => {
    // The first two are half a step apart: see the burst of the route.
    const [, first, second] = await replica(0.5).take('bulk', 3);
    expect(second!.slotMs - first!.slotMs).toBeGreaterThan(800);
  });

  it('holds back every replica when Klaviyo asked one of them to wait', async () => {
    const [one, other] = [replica(), replica()];
    const permit = await one.wait('single');
    await one.freeze(permit, 400);
    const startedAt = performance.now();
    await other.wait('single');
    expect(performance.now() - startedAt).toBeGreaterThan(350);
  });

  it('voids a permit that was taken before Klaviyo asked to wait', async () => {
    const [one, other] = [replica(), replica()];
    const used = await one.takeOne('bulk');
    const waiting = await other.takeOne('bulk');
    await one.freeze(used, 700);
    await expect(other.ready(waiting)).resolves.toBe(false);
  });

  it('hears of one freeze from many requests and waits once', async () => {
    const limiter = replica();
    const permits = await limiter.take('single', 20);
    await Promise.all(permits.map((permit) => limiter.freeze(permit, 300)));
    const [row] = await database.query<{ in_ms: number; epoch: number }>(
      'select (extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as in_ms, epoch from account_limit',
    );
    expect(row!.epoch).toBeLessThanOrEqual(20);
    // 300 ms, and the place of a burst behind it.
    expect(row!.in_ms).toBeLessThan(300 + 60 * 18);
  });

  it('voids a permit that was not used in time', async () => {
    const limiter = replica();
    const permit = await limiter.takeOne('single');
    await systemClock.sleep(permit.slotMs + 550 - performance.now());
    await expect(limiter.ready(permit)).resolves.toBe(false);
  });

  it('pauses the lane instead of waiting for minutes, and says for how long', async () => {
    const limiter = replica();
    await limiter.freeze(await limiter.wait('bulk'), 120_000);
    const error: unknown = await limiter.wait('bulk').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect((error as RetryableError).retryAfterMs).toBeGreaterThan(100_000);
  });
});
