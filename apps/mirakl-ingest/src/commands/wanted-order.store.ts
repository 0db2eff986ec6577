import type { Queryable } from '@watertight/postgres';
import { bulkUpsert } from '@watertight/postgres';

/** An order that a person asked Mirakl for again. */
export interface WantedOrder {
  readonly orderKey: string;
  readonly marketplaceId: string;
  readonly commandId: string;
  readonly requestedAt: Date;
}

/** Notes them for the replica that polls their marketplace. */
export async function wantOrders(database: Queryable, wanted: readonly WantedOrder[]): Promise<void> {
  const newest = new Map(wanted.map((one) => [one.orderKey, one]));
  await bulkUpsert(database, {
    table: 'wanted_order',
    columns: { order_key: 'text', marketplace_id: 'text', command_id: 'text', requested_at: 'timestamptz' },
    key: ['order_key'],
    update: ['command_id', 'requested_at'],
    rows: [...newest.values()].map((one) => ({
      order_key: one.orderKey,
      marketplace_id: one.marketplaceId,
      command_id: one.commandId,
      requested_at: one.requestedAt,
    })),
  });
}

export interface WantedKey {
  readonly orderKey: string;
  readonly commandId: string;
}

export async function readWanted(
  database: Queryable,
  marketplaceId: string,
  limit: number,
): Promise<readonly WantedKey[]> {
  const rows = await database.query<{ order_key: string; command_id: string }>(
    `select order_key, command_id from wanted_order where marketplace_id = $1 order by requested_at limit $2`,
    [marketplaceId, limit],
  );
  return rows.map((row) => ({ orderKey: row.order_key, commandId: row.command_id }));
}

/** Done with them, unless they were asked for again meanwhile. */
export async function forgetWanted(database: Queryable, wanted: readonly WantedKey[]): Promise<void> {
  await database.execute(
    `delete from wanted_order w using unnest($1::text[], $2::text[]) as done (order_key, command_id)
     where w.order_key = done.order_key and w.command_id = done.command_id`,
    [wanted.map(({ orderKey }) => orderKey), wanted.map(({ commandId }) => commandId)],
  );
}

export async function hasWanted(database: Queryable, marketplaceId: string): Promise<boolean> {
  const rows = await database.query('select 1 from wanted_order where marketplace_id = $1 limit 1', [
    marketplaceId,
  ]);
  return rows.length > 0;
}
