import type { Queryable } from '@watertight/postgres';
import { ANY_FIELD, type FieldCount } from './count-fields.ts';

/** At most so many fields of a marketplace, and values of a field, are told apart; a catalogue of more is no list. */
const FIELDS_MAX = 300;
const VALUES_MAX = 300;

/** Notes the counts of a batch, in rows of its own: no batch waits for another. */
export async function noteFieldCounts(tx: Queryable, counts: readonly FieldCount[]): Promise<void> {
  if (counts.length === 0) return;
  await tx.execute(
    `insert into coverage_delta
       (marketplace_id, field, value, orders, not_convertible, money_minor, example, first_seen_at, last_seen_at)
     select * from json_to_recordset($1::json) as counted
       (marketplace_id text, field text, value text, orders int, not_convertible int, money_minor bigint,
        example text, first_seen_at timestamptz, last_seen_at timestamptz)`,
    [
      JSON.stringify(
        counts.map((count) => ({
          marketplace_id: count.marketplaceId,
          field: count.field,
          value: count.value,
          orders: count.orders,
          not_convertible: count.notConvertible,
          money_minor: count.moneyMinor,
          example: count.example,
          first_seen_at: count.firstSeenAt,
          last_seen_at: count.lastSeenAt,
        })),
      ),
    ],
  );
}

const FOLD_SQL = `
  with moved as (delete from coverage_delta returning *),
  summed as (
    select marketplace_id, field, value, sum(orders) as orders, sum(not_convertible) as not_convertible,
      sum(money_minor) as money_minor, max(example) as example,
      min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at
    from moved group by marketplace_id, field, value
  ),
  known as (
    select marketplace_id, case when value = '' then '' else field end as list, count(*) as entries
    from field_coverage group by 1, 2
  ),
  ranked as (
    select summed.*, kept.field is not null as is_known,
      row_number() over (
        partition by summed.marketplace_id, case when summed.value = '' then '' else summed.field end
        order by kept.field is null desc, summed.orders desc, summed.field, summed.value
      ) as place,
      coalesce(known.entries, 0) as entries
    from summed
    left join field_coverage kept using (marketplace_id, field, value)
    left join known on known.marketplace_id = summed.marketplace_id
      and known.list = case when summed.value = '' then '' else summed.field end
  )
  insert into field_coverage as t (marketplace_id, field, value, orders, not_convertible, money_minor, example,
    first_seen_at, last_seen_at)
  select marketplace_id, field, value, orders, not_convertible, money_minor, example, first_seen_at, last_seen_at
  from ranked where is_known or entries + place <= case when value = '' then $1::int else $2::int end
  on conflict (marketplace_id, field, value) do update set
    orders = t.orders + excluded.orders, not_convertible = t.not_convertible + excluded.not_convertible,
    money_minor = t.money_minor + excluded.money_minor,
    first_seen_at = least(t.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at),
    orders_of_marketplace = 0`;

/** Adds what batches have counted since to what was counted before. One replica at a time, under a lease. */
export async function foldFieldCounts(tx: Queryable): Promise<void> {
  await tx.execute(FOLD_SQL, [FIELDS_MAX, VALUES_MAX]);
  // 0 marks the rows that orders of this fold carried: the marketplace's number of orders as of now is theirs.
  await tx.execute(
    `update field_coverage set orders_of_marketplace = every.orders
     from field_coverage every
     where field_coverage.orders_of_marketplace = 0 and every.marketplace_id = field_coverage.marketplace_id
       and every.field = $1 and every.value = ''`,
    [ANY_FIELD],
  );
}

export interface FieldCoverageRow {
  readonly marketplaceId: string;
  readonly field: string;
  readonly value: string;
  readonly orders: number;
  readonly notConvertible: number;
  readonly moneyMinor: number;
  readonly example: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Orders of the marketplace when the last one that carried it was counted. */
  readonly ordersOfMarketplace: number;
  /** What was found of it and published last; null where nothing was. */
  readonly publishedFinding: string | null;
}

const rowColumns = `
  marketplace_id as "marketplaceId", field, value, orders::float8 as orders,
  not_convertible::float8 as "notConvertible", money_minor::float8 as "moneyMinor", example,
  first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt",
  orders_of_marketplace::float8 as "ordersOfMarketplace", published_finding as "publishedFinding"`;

/** Rows whose number of orders was not published yet, the heaviest first. */
export async function listUnpublished(
  target: Queryable,
  limit: number,
): Promise<readonly FieldCoverageRow[]> {
  return target.query<FieldCoverageRow>(
    `select ${rowColumns} from field_coverage where orders <> published_orders and field <> $1
     order by money_minor desc, marketplace_id, field, value limit $2`,
    [ANY_FIELD, limit],
  );
}

/** Every field of every marketplace, without values; the row of any field holds the number of all orders. */
export async function listFieldRows(target: Queryable): Promise<readonly FieldCoverageRow[]> {
  return target.query<FieldCoverageRow>(`select ${rowColumns} from field_coverage where value = ''`);
}

export async function markPublished(target: Queryable, rows: readonly FieldCoverageRow[]): Promise<void> {
  await bulkMark(target, 'published_orders = marked.orders', rows, ({ orders }) => ({ orders }));
}

export interface PublishedFinding {
  readonly row: FieldCoverageRow;
  readonly finding: string;
}

export async function markFindings(target: Queryable, found: readonly PublishedFinding[]): Promise<void> {
  const findings = new Map(found.map(({ row, finding }) => [row, finding]));
  await bulkMark(target, 'published_finding = marked.finding', [...findings.keys()], (row) => ({
    finding: findings.get(row) ?? null,
  }));
}

/** After a change of the mapping every field is to be published again, with whether it is mapped now. */
export async function republishCoverage(tx: Queryable, marketplaceIds: readonly string[]): Promise<void> {
  if (marketplaceIds.length === 0) return;
  await tx.execute('update field_coverage set published_orders = -1 where marketplace_id = any($1::text[])', [
    marketplaceIds,
  ]);
}

async function bulkMark(
  target: Queryable,
  set: string,
  rows: readonly FieldCoverageRow[],
  values: (row: FieldCoverageRow) => object,
): Promise<void> {
  if (rows.length === 0) return;
  await target.execute(
    `update field_coverage as t set ${set}
     from json_to_recordset($1::json) as marked (marketplace_id text, field text, value text, orders bigint, finding text)
     where t.marketplace_id = marked.marketplace_id and t.field = marked.field and t.value = marked.value`,
    [
      JSON.stringify(
        rows.map((row) => ({
          marketplace_id: row.marketplaceId,
          field: row.field,
          value: row.value,
          ...values(row),
        })),
      ),
    ],
  );
}
