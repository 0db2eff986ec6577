import type { Queryable } from '@watertight/postgres';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { PublishedUpTo } from '../capture/published-up-to.ts';
import type { Progress, ScanUnderWay } from './plan-scan.ts';

interface ProgressRow {
  readonly watermark: Date | null;
  readonly history_from: Date | null;
  readonly reading_hash: string | null;
  readonly scan: unknown;
  readonly polls_completed: number;
}

const storedScan = Compile(
  Type.Object({
    from: Type.String(),
    cursor: Type.String(),
    startedAt: Type.String(),
    nextWatermark: Type.String(),
    historyFrom: Type.Union([Type.String(), Type.Null()]),
    readingHash: Type.String(),
  }),
);

/** Where a marketplace stands; nothing at all before its first page. */
export async function readProgress(database: Queryable, marketplaceId: string): Promise<Progress> {
  const [row] = await database.query<ProgressRow>(
    `select watermark, history_from, reading_hash, scan, polls_completed
     from marketplace_progress where marketplace_id = $1`,
    [marketplaceId],
  );
  return {
    watermark: row?.watermark ?? null,
    historyFrom: row?.history_from ?? null,
    readingHash: row?.reading_hash ?? null,
    scan: readScan(row?.scan ?? null),
    pollsCompleted: row?.polls_completed ?? 0,
  };
}

/** The next page of the scan under way: what came before it has been published. */
export async function saveCursor(
  database: Queryable,
  marketplaceId: string,
  scan: ScanUnderWay,
): Promise<void> {
  await database.execute(
    `insert into marketplace_progress as t (marketplace_id, scan) values ($1, $2::jsonb)
     on conflict (marketplace_id) do update set scan = excluded.scan`,
    [marketplaceId, JSON.stringify(scan)],
  );
}

export interface CompletedScan {
  readonly watermark: Date;
  /** Null where the scan says nothing about the history: a backfill reads it. */
  readonly history: { readonly from: Date; readonly readingHash: string } | null;
}

/** Every page has been published: moves the watermark. Returns how many polls have been completed, this one included. */
export async function completeScan(
  database: Queryable,
  marketplaceId: string,
  scan: CompletedScan,
): Promise<number> {
  const [row] = await database.query<{ polls_completed: number }>(
    `insert into marketplace_progress as t (marketplace_id, watermark, history_from, reading_hash, polls_completed)
     values ($1, $2, $3, $4, 1)
     on conflict (marketplace_id) do update set
       watermark = excluded.watermark,
       history_from = coalesce(excluded.history_from, t.history_from),
       reading_hash = coalesce(excluded.reading_hash, t.reading_hash),
       scan = null, polls_completed = t.polls_completed + 1
     returning polls_completed`,
    [marketplaceId, scan.watermark, scan.history?.from ?? null, scan.history?.readingHash ?? null],
  );
  return row?.polls_completed ?? 1;
}

export async function readPublishedUpTo(database: Queryable, marketplaceId: string): Promise<PublishedUpTo> {
  const [row] = await database.query<{ published_up_to: PublishedUpTo }>(
    `select published_up_to from marketplace_progress where marketplace_id = $1`,
    [marketplaceId],
  );
  return row?.published_up_to ?? {};
}

export async function savePublishedUpTo(
  database: Queryable,
  marketplaceId: string,
  publishedUpTo: PublishedUpTo,
): Promise<void> {
  await database.execute(
    `insert into marketplace_progress as t (marketplace_id, published_up_to) values ($1, $2::jsonb)
     on conflict (marketplace_id) do update set published_up_to = excluded.published_up_to`,
    [marketplaceId, JSON.stringify(publishedUpTo)],
  );
}

function readScan(stored: unknown): ScanUnderWay | null {
  // A form that an earlier version wrote is not worth more than beginning the scan again.
  if (!storedScan.Check(stored)) return null;
  const { from, startedAt, nextWatermark, historyFrom } = stored;
  return {
    cursor: stored.cursor,
    readingHash: stored.readingHash,
    from: new Date(from),
    startedAt: new Date(startedAt),
    nextWatermark: new Date(nextWatermark),
    historyFrom: historyFrom === null ? null : new Date(historyFrom),
  };
}
