import { describe, expect, it } from '@jest/globals';

import { bulkUpsert, type BulkUpsert, upsertSql } from './bulk-upsert.ts';
import { type Queryable } from './session.ts';

const upsert = {
  table: 'fact',
  columns: { order_key: 'text', version: 'bigint', body: 'jsonb' },
  key: ['order_key'],
  update: ['version', 'body'],
  rows: [],
} satisfies BulkUpsert;

function spy() {
  const statements: { sql: string; rows: unknown[] }[] = [];
  const target: Queryable = {
    query: async () => [],
    execute: async (sql, [json] = []) => {
      const rows: unknown[] = JSON.parse(String(json));
      statements.push({ sql, rows });
      return rows.length;
    },
  };
  return { target, statements };
}

describe('upsertSql', () => {
  it('takes the rows from one JSON parameter with typed columns', () => {
    expect(upsertSql({ ...upsert, where: 't.version < excluded.version', returning: 'order_key' })).toBe(
      [
        'insert into "fact" as t ("order_key", "version", "body")',
        'select "order_key", "version", "body" from json_to_recordset($1::json)' +
          ' as r ("order_key" text, "version" bigint, "body" jsonb)',
        'on conflict ("order_key") do update set "version" = excluded."version", "body" = excluded."body"' +
          ' where t.version < excluded.version',
        'returning order_key',
      ].join('\n'),
    );
  });

  it('keeps the old row when nothing is to be updated', () => {
    expect(upsertSql({ ...upsert, update: 'nothing' })).toMatch(/on conflict \("order_key"\) do nothing$/);
  });

  it.each([
    [{ table: 'fact; drop table x' }, /not a name/],
    [{ columns: { ...upsert.columns, body: 'jsonb) --' } }, /not a column type/],
    [{ key: ['buyer_id'] }, /"buyer_id" is not among its columns/],
    [{ update: ['total'] }, /"total" is not among its columns/],
  ])('refuses %j', (change, message) => {
    expect(() => upsertSql({ ...upsert, ...change })).toThrow(message);
  });

  it.each(['text', 'bigint', 'text[]', 'numeric(12,2)', 'timestamp with time zone', 'jsonb'])(
    'accepts the type %s',
    (type) => {
      expect(upsertSql({ ...upsert, columns: { ...upsert.columns, extra: type } })).toContain(
        `"extra" ${type}`,
      );
    },
  );
});

describe('bulkUpsert', () => {
  it('sends nothing for no rows', async () => {
    const { target, statements } = spy();
    expect(await bulkUpsert(target, upsert)).toEqual({ affected: 0, rows: [] });
    expect(statements).toEqual([]);
  });

  it('sorts the rows by their key, and splits them where there are many', async () => {
    const { target, statements } = spy();
    const rows = Array.from({ length: 1_001 }, (_, index) => ({
      order_key: `m:${String(9_999 - index)}`,
      version: 1,
      body: null,
    }));
    expect((await bulkUpsert(target, { ...upsert, rows })).affected).toBe(1_001);
    expect(statements.map((statement) => statement.rows.length)).toEqual([1_000, 1]);
    expect(statements[0]?.rows[0]).toMatchObject({ order_key: 'm:8999' });
    expect(statements[1]?.rows[0]).toMatchObject({ order_key: 'm:9999' });
  });

  it('refuses two rows with one key, without naming it', async () => {
    const row = { order_key: 'm:A-1', version: 1, body: null };
    await expect(
      bulkUpsert(spy().target, { ...upsert, rows: [row, { ...row, version: 2 }] }),
    ).rejects.toThrow('bulk upsert into fact: two rows have the same order_key; merge them first');
  });
});
