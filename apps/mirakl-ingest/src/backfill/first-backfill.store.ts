import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Queryable, Transaction } from '@watertight/postgres';
import { firstBackfillId } from './backfill.ts';

/** History that a backfill reads while the fast loop already follows what changes. */
export interface PendingHistory {
  /** The backfill reads what was created up to here; what changed since then is the fast loop's. */
  readonly until: Date;
}

/** Null when the history has been read, or is not a backfill's to read. */
export async function readPendingHistory(
  database: Queryable,
  { id, backfillFrom }: Pick<MarketplacePolicy, 'id' | 'backfillFrom'>,
  readingHash: string,
): Promise<PendingHistory | null> {
  const [row] = await database.query<{ until: Date }>(
    `select until from backfill
     where backfill_id = $1 and since <= $2 and reading_hash = $3 and state <> 'done'`,
    [firstBackfillId(id), backfillFrom, readingHash],
  );
  return row === undefined ? null : { until: row.until };
}

/** Queues the reading of a marketplace's history, from the beginning, also where an earlier one has been read. */
export async function queueFirstBackfill(
  database: Queryable,
  { id, backfillFrom }: Pick<MarketplacePolicy, 'id' | 'backfillFrom'>,
  readingHash: string,
  now: Date,
): Promise<void> {
  await database.execute(
    `insert into backfill as t (backfill_id, marketplace_id, since, until, dry_run, requested_by, requested_at, state, reading_hash)
     values ($1, $2, $3, $4, false, 'first start', $4, 'queued', $5)
     on conflict (backfill_id) do update set
       since = excluded.since, until = excluded.until, requested_at = excluded.requested_at, state = 'queued',
       told = null, reading_hash = excluded.reading_hash, progress = null, detail = null`,
    [firstBackfillId(id), id, backfillFrom, now, readingHash],
  );
}

/**
 * The history has been read: from now on Mirakl's count can be held against what was captured. The polls begin to
 * count anew, so that the next one is audited at once. A fast loop that has not come to its end yet begins where the
 * backfill ended, `overlapMs` earlier.
 */
export async function completeHistory(
  transaction: Transaction,
  marketplaceId: string,
  overlapMs: number,
): Promise<void> {
  await transaction.execute(
    `insert into marketplace_progress as p (marketplace_id, watermark, history_from, reading_hash)
     select marketplace_id, until - make_interval(secs => $2), since, reading_hash
     from backfill where backfill_id = $1
     on conflict (marketplace_id) do update set
       watermark = coalesce(p.watermark, excluded.watermark), history_from = excluded.history_from,
       reading_hash = excluded.reading_hash, polls_completed = 0`,
    [firstBackfillId(marketplaceId), overlapMs / 1_000],
  );
}
