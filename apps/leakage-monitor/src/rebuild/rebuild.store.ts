import type { Database, Queryable } from '@watertight/postgres';
import { resolveGone } from '../exceptions/raise.store.ts';

/** Every table that is folded from the topics of facts and outcomes, and nothing that people or the timer wrote. */
const FOLDED_TABLES = [
  'ledger_order',
  'ledger_refund',
  'timeline_entry',
  'unplaced_outcome',
  'balance_day',
  'balance_delta',
  'source_state',
  'stage_word',
  'order_contact',
  'sales_amount',
  'recent_fact',
  'folded_position',
];

/** Removes a schema with everything in it, where there is one. */
export async function dropSchema(target: Queryable, schema: string): Promise<void> {
  await target.execute(`drop schema if exists ${quoted(schema)} cascade`);
}

/** Puts the rows of the other schema's ledger in the place of ours, in one transaction. Returns how many orders. */
export async function takeOver(database: Database, from: string): Promise<number> {
  return database.transaction(async (transaction) => {
    await transaction.execute(`truncate ${FOLDED_TABLES.join(', ')}`);
    for (const table of FOLDED_TABLES) {
      const columns = await columnsOf(transaction, from, table);
      await transaction.execute(
        `insert into ${table} (${columns}) select ${columns} from ${quoted(from)}.${table}`,
      );
    }
    const [row] = await transaction.query<{ orders: string }>(
      'select count(*)::text as orders from ledger_order',
    );
    return Number(row?.orders ?? 0);
  });
}

/** Resolves the exceptions of orders that the ledger does not have. */
export async function resolveStrangers(target: Queryable, now: Date): Promise<void> {
  const rows = await target.query<{ id: string }>(
    `select id from exception_case c where origin = 'ledger' and state <> 'resolved'
       and not exists (select 1 from ledger_order o where o.order_key = c.order_key)`,
  );
  await resolveGone(
    target,
    rows.map(({ id }) => id),
    now,
  );
}

/** By name: in a schema that grew over releases they may stand in another order. */
async function columnsOf(target: Queryable, schema: string, table: string): Promise<string> {
  const rows = await target.query<{ name: string }>(
    `select quote_ident(column_name) as name from information_schema.columns
     where table_schema = $1 and table_name = $2 order by ordinal_position`,
    [schema, table],
  );
  return rows.map(({ name }) => name).join(', ');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
