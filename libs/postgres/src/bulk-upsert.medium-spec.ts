// real: [postgres], double: []
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestSchema, type TestSchema, testStack } from '@watertight/testing';

import { bulkUpsert, type BulkUpsert, type Row } from './bulk-upsert.ts';
import { createDatabase, type Database } from './database.ts';

const { databaseUrl } = testStack();
let schema: TestSchema;
let database: Database;

const columns = {
  id: 'text',
  version: 'bigint',
  amount: 'numeric',
  at: 'timestamptz',
  tags: 'text[]',
  body: 'jsonb',
  bytes: 'bytea',
  open: 'boolean',
};

beforeAll(async () => {
  schema = await createTestSchema(databaseUrl);
  database = createDatabase({ url: databaseUrl, schema: schema.schema, migrations: [] });
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await database.execute(`create table fact (${definitions.join(', ')}, primary key (id))`);
});
beforeEach(() => database.execute('truncate fact'));
afterAll(async () => {
  await database.close();
  await schema.drop();
});

const base = { table: 'fact', columns, key: ['id'], update: ['version', 'body'] } satisfies Omit<
  BulkUpsert,
  'rows'
>;
const row = (id: string, version: number, body: unknown = null): Row => ({ id, version, body });
const stored = () => database.query('select id, version, body from fact order by id');

describe('bulkUpsert on PostgreSQL', () => {
  it('stores every kind of value', async () => {
    const value = {
      id: 'a',
      version: 9_007_199_254_740_993n,
      amount: '123456789012345678.90',
      at: new Date('2026-01-02T03:04:05.678Z'),
      tags: ['x', 'y, "z"', '{}'],
      body: { deep: [1, null, 'é', { '"': '\\' }] },
      bytes: new Uint8Array([0, 255, 10]),
      open: true,
    };
    await bulkUpsert(database, { ...base, rows: [value] });
    const [found] = await database.query('select * from fact');
    expect(found).toEqual({ ...value, version: '9007199254740993', bytes: Buffer.from([0, 255, 10]) });
  });

  it('stores null and what is left out as null', async () => {
    await bulkUpsert(database, { ...base, rows: [{ id: 'a', body: null }] });
    expect(await database.query('select version is null as v, body is null as b from fact')).toEqual([
      { v: true, b: true },
    ]);
  });

  it('updates what is there, and says which rows were new', async () => {
    await bulkUpsert(database, { ...base, rows: [row('a', 1), row('b', 1)] });
    const returning = 'id, (xmax = 0) as inserted';
    const result = await bulkUpsert(database, { ...base, returning, rows: [row('c', 2), row('b', 2)] });
    expect(result).toEqual({
      affected: 2,
      rows: [
        { id: 'b', inserted: false },
        { id: 'c', inserted: true },
      ],
    });
  });

  it('does not put an older version over a newer one', async () => {
    const guarded = { ...base, where: 't.version < excluded.version' };
    await bulkUpsert(database, { ...guarded, rows: [row('a', 5, 'new'), row('b', 1, 'old')] });
    const { affected } = await bulkUpsert(database, {
      ...guarded,
      rows: [row('a', 4, 'late'), row('b', 2, 'new')],
    });
    expect(affected).toBe(1);
    expect(await stored()).toEqual([
      { id: 'a', version: '5', body: 'new' },
      { id: 'b', version: '2', body: 'new' },
    ]);
  });

  it('keeps the first when nothing is to be updated', async () => {
    const keep = { ...base, update: 'nothing' } as const;
    await bulkUpsert(database, { ...keep, rows: [row('a', 1)] });
    expect((await bulkUpsert(database, { ...keep, rows: [row('a', 2), row('b', 2)] })).affected).toBe(1);
    expect(await stored()).toMatchObject([{ version: '1' }, { version: '2' }]);
  });

  it('survives text that PostgreSQL cannot store, and leaves text that only looks so', async () => {
    const body = { 'k\u0000': 'nul \u0000 lone \ud800 whole 😀', plain: 'C:\\u0000 \\ud800' };
    await bulkUpsert(database, { ...base, rows: [row('a\u0000b', 1, body)] });
    expect(await stored()).toEqual([
      {
        id: 'a\ufffdb',
        version: '1',
        body: { 'k\ufffd': 'nul \ufffd lone \ufffd whole 😀', plain: 'C:\\u0000 \\ud800' },
      },
    ]);
  });

  it('does not deadlock two transactions that bring the same rows in opposite orders', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `id-${index}`);
    const rounds = Array.from({ length: 20 }, (_, round) => {
      const ordered = round % 2 === 0 ? ids : [...ids].reverse();
      return database.transaction((transaction) =>
        bulkUpsert(transaction, { ...base, rows: ordered.map((id) => row(id, round)) }),
      );
    });
    const results = await Promise.allSettled(rounds);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await stored()).toHaveLength(200);
  });
});
