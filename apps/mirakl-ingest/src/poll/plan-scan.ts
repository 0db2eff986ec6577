/** How far a scan looks back behind the start of the one before it: longer than any call of it may take. */
export const OVERLAP_MS = 5 * 60_000;

/** What is remembered of a marketplace between polls. */
export interface Progress {
  /** Time before which every change has been published; null before the first complete scan. */
  readonly watermark: Date | null;
  /** From where on history has been read completely. */
  readonly historyFrom: Date | null;
  /** How orders were read then; another value means that the same answer now gives other facts. */
  readonly readingHash: string | null;
  /** A scan that has begun and not ended, after a crash or a failure. */
  readonly scan: ScanUnderWay | null;
  readonly pollsCompleted: number;
}

export interface ScanUnderWay {
  readonly from: Date;
  /** The next page to ask for. */
  readonly cursor: string;
  /** When the scan began, by Mirakl's clock. */
  readonly startedAt: Date;
  /** What the watermark becomes once every page has been published. */
  readonly nextWatermark: Date;
  /** Null while a backfill reads the history: then the end of the scan says nothing about it. */
  readonly historyFrom: Date | null;
  readonly readingHash: string;
}

export interface ScanPolicy {
  readonly backfillFrom: Date;
  readonly readingHash: string;
  readonly overlapMs: number;
}

export interface ScanPlan {
  /** Orders updated since then; the window has no end. */
  readonly from: Date;
  readonly resume: ScanUnderWay | null;
  /** From where on history has been read completely once the scan has ended; null while a backfill reads it. */
  readonly historyFrom: Date | null;
  /** Why this much is read, for the log of a scan that reads more than what changed. */
  readonly why:
    'changes' | 'first start' | 'earlier backfillFrom' | 'orders are read differently' | 'resumed';
}

/**
 * What the next scan asks for. Pure.
 *
 * - First start: everything updated since `backfillFrom`, which holds every order created since then. An older order
 *   that changed since then comes too, and is captured: what Mirakl reports is never dropped. The count audit and
 *   the balance go by creation date, so it does not disturb them.
 * - Then: everything updated since the watermark. A watermark in the future (a clock that was wrong) is clamped.
 * - While a backfill reads the history: what changed since the backfill was asked for. Its own orders end there.
 * - A scan that was interrupted goes on at its next page. Nothing has left its window meanwhile, and what entered it
 *   behind the cursor was updated after the scan began, so the scan after this one finds it.
 */
export function planScan(
  progress: Progress,
  policy: ScanPolicy,
  now: Date,
  pending: { readonly until: Date } | null = null,
): ScanPlan {
  const { scan, watermark, historyFrom } = progress;
  const latest = now.getTime() - policy.overlapMs;
  if (scan !== null && isOf(scan, policy)) {
    return { from: scan.from, resume: scan, historyFrom: scan.historyFrom, why: 'resumed' };
  }
  if (pending !== null) {
    const since = watermark?.getTime() ?? pending.until.getTime() - policy.overlapMs;
    return { from: new Date(Math.min(since, latest)), resume: null, historyFrom: null, why: 'changes' };
  }
  const from = new Date(policy.backfillFrom.getTime() - policy.overlapMs);
  const history = { from, resume: null, historyFrom: policy.backfillFrom };
  if (watermark === null || historyFrom === null) return { ...history, why: 'first start' };
  if (policy.backfillFrom < historyFrom) return { ...history, why: 'earlier backfillFrom' };
  if (progress.readingHash !== policy.readingHash) return { ...history, why: 'orders are read differently' };
  return { from: new Date(Math.min(watermark.getTime(), latest)), resume: null, historyFrom, why: 'changes' };
}

/**
 * The watermark that a scan earns: its start, not its end and not the newest date seen, minus the overlap. Of the
 * two clocks the earlier one counts: a wrong one can then only make us read twice.
 */
export function watermarkOf(serverStart: Date, localStart: Date, overlapMs: number): Date {
  return new Date(Math.min(serverStart.getTime(), localStart.getTime()) - overlapMs);
}

function isOf(scan: ScanUnderWay, policy: ScanPolicy): boolean {
  const holdsHistory = scan.historyFrom === null || scan.historyFrom <= policy.backfillFrom;
  return scan.readingHash === policy.readingHash && holdsHistory;
}
