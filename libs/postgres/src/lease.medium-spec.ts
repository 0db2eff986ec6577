// real: [postgres], double: []
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { createTestSchema, type TestSchema, testStack, waitUntil } from '@watertight/testing';

import { createDatabase, type Database } from './database.ts';
import { CreateLease1763900000000, Leases } from './lease.ts';
import { runMigrations } from './migrate.ts';

const { databaseUrl } = testStack();
let schema: TestSchema;
let database: Database;

beforeAll(async () => {
  schema = await createTestSchema(databaseUrl, { create: false });
  database = createDatabase({
    url: databaseUrl,
    schema: schema.schema,
    migrations: [CreateLease1763900000000],
  });
  await runMigrations(database);
});
beforeEach(() => database.execute('truncate lease'));
afterAll(async () => {
  await database.close();
  await schema.drop();
});

const holder = (name: string, durationMs = 60_000) => new Leases(database, name, durationMs);

describe('Leases', () => {
  it('gives one lease to one of many that ask at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => holder(`replica-${index}`).acquire('maison-fr')),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('lets the holder take it again, and gives different names to different holders', async () => {
    expect(await holder('one').acquire('maison-fr')).toBe(true);
    expect(await holder('one').acquire('maison-fr')).toBe(true);
    expect(await holder('two').acquire('maison-fr')).toBe(false);
    expect(await holder('two').acquire('nordmarkt-de')).toBe(true);
  });

  it('is taken over after it has expired, and the old holder learns that it lost it', async () => {
    const old = holder('old', 30);
    expect(await old.acquire('maison-fr')).toBe(true);
    await waitUntil('the takeover', () => holder('new').acquire('maison-fr'));
    expect(await old.renew('maison-fr')).toBe(false);
    expect(await old.acquire('maison-fr')).toBe(false);
    await old.release('maison-fr');
    expect(await holder('new').renew('maison-fr')).toBe(true);
  });

  it('is not renewed once it has expired, even if nobody took it', async () => {
    const late = holder('late', 20);
    await late.acquire('maison-fr');
    await waitUntil('the end', async () =>
      (await database.query('select 1 from lease where expires_at < clock_timestamp()')).at(0),
    );
    expect(await late.renew('maison-fr')).toBe(false);
  });

  it('lasts as long as it is renewed', async () => {
    const steady = holder('steady', 10_000);
    await steady.acquire('maison-fr');
    const ends = async () =>
      (await database.query<{ ms: Date }>('select expires_at as ms from lease'))[0]?.ms;
    const before = await ends();
    expect(await steady.renew('maison-fr')).toBe(true);
    expect(Number(await ends())).toBeGreaterThan(Number(before));
  });

  it('is free at once when it is released', async () => {
    await holder('one').acquire('maison-fr');
    await holder('one').release('maison-fr');
    expect(await holder('two').acquire('maison-fr')).toBe(true);
  });

  it('keeps a transaction of a holder that lost it from going on', async () => {
    await holder('one').acquire('maison-fr');
    await database.transaction((transaction) => holder('one').assertHeld(transaction, 'maison-fr'));
    const other = database.transaction((transaction) => holder('two').assertHeld(transaction, 'maison-fr'));
    await expect(other).rejects.toBeInstanceOf(RetryableError);
  });
});
