import type { Queryable } from '@watertight/postgres';

export interface TransactionsProgress {
  /** Time before which every change of a line has been published; null before the first complete reading. */
  readonly watermark: Date | null;
  readonly readAt: Date | null;
}

export async function readTransactionsProgress(
  database: Queryable,
  marketplaceId: string,
): Promise<TransactionsProgress> {
  const [row] = await database.query<{
    transactions_watermark: Date | null;
    transactions_read_at: Date | null;
  }>(`select transactions_watermark, transactions_read_at from marketplace_sweep where marketplace_id = $1`, [
    marketplaceId,
  ]);
  return { watermark: row?.transactions_watermark ?? null, readAt: row?.transactions_read_at ?? null };
}

/** `watermark` null leaves the one there is: the lines could not be read. */
export async function saveTransactionsProgress(
  database: Queryable,
  marketplaceId: string,
  readAt: Date,
  watermark: Date | null,
): Promise<void> {
  await database.execute(
    `insert into marketplace_sweep as t (marketplace_id, swept_at, transactions_read_at, transactions_watermark)
     values ($1, $2, $2, $3)
     on conflict (marketplace_id) do update set
       transactions_read_at = excluded.transactions_read_at,
       transactions_watermark = coalesce(excluded.transactions_watermark, t.transactions_watermark)`,
    [marketplaceId, readAt, watermark],
  );
}
