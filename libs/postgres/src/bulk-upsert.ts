import { type Queryable } from './session.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface BulkUpsert {
  readonly table: string;
  /** Every column that is written, with its PostgreSQL type: `{ order_key: 'text', version: 'bigint' }`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns of the unique key that decides whether a row is there already. */
  readonly key: readonly string[];
  /** Columns taken from the new row when it is there already; `nothing` keeps the old row as it is. */
  readonly update: readonly string[] | 'nothing';
  /**
   * SQL that must hold for an existing row to be updated, with the old row as `t` and the new one as `excluded`:
   * `t.version < excluded.version`.
   */
  readonly where?: string;
  /** SQL list of what comes back of each row that was written: `order_key, (xmax = 0) as inserted`. */
  readonly returning?: string;
  /** Values may be text, numbers, bigint, boolean, Date, bytes, null, and anything JSON for json and arrays. */
  readonly rows: readonly Row[];
}

export interface BulkResult<T> {
  /** How many rows were inserted or updated. */
  readonly affected: number;
  /** What `returning` asked for; empty without it. */
  readonly rows: readonly T[];
}

/** More rows than this go in several statements. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * Inserts or updates all rows, in the order of their key: two transactions that write the same rows then lock them in
 * the same order and cannot deadlock. Two rows with one key are refused: which of them holds is the caller's to say.
 *
 * Characters that PostgreSQL cannot store in text (U+0000, lone surrogates) become U+FFFD, so that a strange name from
 * outside cannot stop a batch.
 */
export async function bulkUpsert<T = never>(target: Queryable, upsert: BulkUpsert): Promise<BulkResult<T>> {
  const rows = sortedByKey(upsert);
  const sql = upsertSql(upsert);
  let affected = 0;
  const returned: T[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const parameters = [toJson(rows.slice(start, start + ROWS_PER_STATEMENT).map(storable))];
    if (upsert.returning === undefined) {
      affected += await target.execute(sql, parameters);
    } else {
      const written = await target.query<T>(sql, parameters);
      affected += written.length;
      returned.push(...written);
    }
  }
  return { affected, rows: returned };
}

/** The statement; its only parameter is the rows as a JSON array. */
export function upsertSql({
  table,
  columns,
  key,
  update,
  where,
  returning,
}: Omit<BulkUpsert, 'rows'>): string {
  const names = Object.keys(columns);
  const unknown = [...key, ...(update === 'nothing' ? [] : update)].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`bulk upsert into ${table}: "${unknown}" is not among its columns`);
  const typed = Object.entries(columns).map(([name, type]) => `${quoted(name)} ${typeName(type)}`);
  const list = names.map(quoted).join(', ');
  const set = update === 'nothing' ? [] : update.map((name) => `${quoted(name)} = excluded.${quoted(name)}`);
  const conflict =
    set.length === 0
      ? 'do nothing'
      : `do update set ${set.join(', ')}${where === undefined ? '' : ` where ${where}`}`;
  return [
    `insert into ${quoted(table)} as t (${list})`,
    `select ${list} from json_to_recordset($1::json) as r (${typed.join(', ')})`,
    `on conflict (${key.map(quoted).join(', ')}) ${conflict}`,
    ...(returning === undefined ? [] : [`returning ${returning}`]),
  ].join('\n');
}

function quoted(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error(`"${name}" is not a name for a table or column`);
  return `"${name}"`;
}

function typeName(type: string): string {
  if (!/^[a-z][a-z0-9 ]*(\(\d+(,\d+)?\))?(\[\])?$/.test(type))
    throw new Error(`"${type}" is not a column type`);
  return type;
}

function sortedByKey({ table, key, rows }: BulkUpsert): readonly Row[] {
  const keyed = rows.map((row) => ({ row, sortKey: toJson(key.map((name) => asText(row[name]))) }));
  keyed.sort((one, other) => (one.sortKey < other.sortKey ? -1 : one.sortKey > other.sortKey ? 1 : 0));
  const repeated = keyed.findIndex(({ sortKey }, index) => sortKey === keyed[index + 1]?.sortKey);
  if (repeated >= 0) {
    // Without the key itself: it may be a person's.
    throw new Error(`bulk upsert into ${table}: two rows have the same ${key.join(', ')}; merge them first`);
  }
  return keyed.map(({ row }) => row);
}

/** Bigint and bytes as PostgreSQL reads them from JSON. Only columns hold them, so what is inside JSON is not looked at. */
function storable(row: Row): Row {
  if (!Object.values(row).some(needsText)) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)]));
}

function needsText(value: unknown): boolean {
  return (
    typeof value === 'bigint' ||
    value instanceof Uint8Array ||
    (Array.isArray(value) && value.some(needsText))
  );
}

function asText(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return Array.isArray(value) ? value.map(asText) : value;
}

function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify writes both as escapes. Escapes are read one after the other, so that an escaped backslash
  // before a "u0000" that is plain text stays what it is. Most rows have none of it.
  if (!json.includes('\\u')) return json;
  return json.replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g, (whole, escape: string) =>
    escape.length > 1 ? '\\ufffd' : whole,
  );
}
