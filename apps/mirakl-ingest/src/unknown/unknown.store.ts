import { bulkUpsert, type Queryable } from '@watertight/postgres';
import type { UnknownCount, UnknownValue } from './unknown-value.ts';

/** The counts so far of these values. */
export async function readUnknown(
  database: Queryable,
  marketplaceId: string,
  values: readonly UnknownValue[],
): Promise<readonly UnknownCount[]> {
  return database.query<UnknownCount>(
    `select field, value, seen, told from unknown_value
     where marketplace_id = $1
       and (field, value) in (select * from unnest($2::text[], $3::text[]))`,
    [marketplaceId, values.map(({ field }) => field), values.map(({ value }) => value)],
  );
}

export async function saveUnknown(
  database: Queryable,
  marketplaceId: string,
  counts: readonly UnknownCount[],
): Promise<void> {
  await bulkUpsert(database, {
    table: 'unknown_value',
    columns: { marketplace_id: 'text', field: 'text', value: 'text', seen: 'integer', told: 'integer' },
    key: ['marketplace_id', 'field', 'value'],
    update: ['seen', 'told'],
    rows: counts.map((count) => ({ marketplace_id: marketplaceId, ...count })),
  });
}
