import type { Queryable } from '@watertight/postgres';

export interface ReturnsProgress {
  /** Time before which every change of a return has been published; null before the first complete reading. */
  readonly watermark: Date | null;
  readonly readAt: Date | null;
}

export async function readReturnsProgress(
  database: Queryable,
  marketplaceId: string,
): Promise<ReturnsProgress> {
  const [row] = await database.query<{ returns_watermark: Date | null; returns_read_at: Date | null }>(
    'select returns_watermark, returns_read_at from marketplace_sweep where marketplace_id = $1',
    [marketplaceId],
  );
  return { watermark: row?.returns_watermark ?? null, readAt: row?.returns_read_at ?? null };
}

/** `watermark` null leaves the one there is: the returns could not be read. */
export async function saveReturnsProgress(
  database: Queryable,
  marketplaceId: string,
  readAt: Date,
  watermark: Date | null,
): Promise<void> {
  await database.execute(
    `insert into marketplace_sweep as t (marketplace_id, swept_at, returns_read_at, returns_watermark)
     values ($1, $2, $2, $3)
     on conflict (marketplace_id) do update set
       returns_read_at = excluded.returns_read_at,
       returns_watermark = coalesce(excluded.returns_watermark, t.returns_watermark)`,
    [marketplaceId, readAt, watermark],
  );
}
