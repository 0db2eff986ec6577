import type { Queryable } from '@watertight/postgres';

/**
 * Orders that may change without Mirakl's update date moving: those with a refund that is not paid back yet, and those
 * that could not be read, which a newer version of ours may read. The ones asked for longest ago come first.
 */
export async function readUnfinished(
  database: Queryable,
  marketplaceId: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database.query<{ order_key: string }>(
    `select order_key from (
       select order_key, followed_at from captured_refund
       where marketplace_id = $1 and kind = 'refund' and not final
       union all
       select order_key, followed_at from captured_order
       where marketplace_id = $1 and unreadable_hash is not null and order_key not like $3
     ) unfinished group by order_key order by min(followed_at), order_key limit $2`,
    [marketplaceId, limit, `${marketplaceId}:unreadable-%`],
  );
  return rows.map((row) => row.order_key);
}

export async function markFollowed(database: Queryable, orderKeys: readonly string[]): Promise<void> {
  await database.execute(
    `update captured_refund set followed_at = clock_timestamp()
     where order_key = any($1::text[]) and kind = 'refund' and not final`,
    [orderKeys],
  );
  await database.execute(
    `update captured_order set followed_at = clock_timestamp()
     where order_key = any($1::text[]) and unreadable_hash is not null`,
    [orderKeys],
  );
}

export async function countUnfinishedRefunds(database: Queryable, marketplaceId: string): Promise<number> {
  const [row] = await database.query<{ orders: number }>(
    `select count(distinct order_key)::integer as orders from captured_refund
     where marketplace_id = $1 and kind = 'refund' and not final`,
    [marketplaceId],
  );
  return row?.orders ?? 0;
}
