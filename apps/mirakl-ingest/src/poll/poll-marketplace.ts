import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock, Logger } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import {
  type PendingHistory,
  queueFirstBackfill,
  readPendingHistory,
} from '../backfill/first-backfill.store.ts';
import { type CaptureParts, publishPage } from '../capture/publish-page.ts';
import { refetchWanted } from '../commands/refetch-order.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { followUnfinished } from '../refunds/follow-unfinished-refunds.ts';
import { auditCount } from './audit-count.ts';
import { readLease } from './lease.store.ts';
import { OVERLAP_MS, planScan, type ScanPlan, type ScanUnderWay, watermarkOf } from './plan-scan.ts';
import { isAuditDue } from './poll-schedule.ts';
import { completeScan, readProgress, readPublishedUpTo, saveCursor } from './progress.store.ts';
import { readingHash } from './reading-hash.ts';
import { pollCompleted, publishSourceOutcome } from './source-outcomes.ts';

/** Pages of 100: what an export takes a minute to prepare is read by then. */
const SCAN_HISTORY_MAX = 3_000;

export interface PollParts extends CaptureParts {
  readonly source: MiraklSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A history of more orders is a backfill's to read, beside the fast loop. */
  readonly scanHistoryMax?: number;
}

export interface PollResult {
  /** Mirakl's count was published: a poll soon after it settles the balance. */
  readonly audited: boolean;
}

/**
 * The fast loop, once: everything that changed at a marketplace since the watermark is captured, page by page, and
 * only then the watermark moves. Then Mirakl's own count is published every few polls, and orders that may change
 * without Mirakl saying so (unfinished refunds, unreadable ones, those a person asked for) are fetched by id.
 *
 * Throws MiraklError when the marketplace does not answer, RetryableError when Kafka or the database does not, and the
 * signal's reason when it aborts. What was captured until then stays captured; the next poll goes on from there.
 */
export async function pollMarketplace(
  marketplace: MarketplacePolicy,
  parts: PollParts,
  signal: AbortSignal,
): Promise<PollResult> {
  const plan = await planNext(marketplace, parts, signal);
  const scan = await scanPages(marketplace, plan, parts, signal);
  const pollsCompleted = await moveWatermark(marketplace, scan, parts);
  await announce(marketplace, scan, parts);
  const isComplete = (await pendingHistory(marketplace, parts)) === null;
  const audited =
    isComplete && isAuditDue(pollsCompleted) && (await audit(marketplace, scan.answeredAt, parts, signal));
  await refetchWanted(marketplace, parts, signal);
  await followUnfinished(marketplace, parts, signal);
  return { audited };
}

interface ScanDone {
  readonly under: Omit<ScanUnderWay, 'cursor'>;
  readonly seen: number;
  readonly changed: number;
  /** When Mirakl gave the last page. */
  readonly answeredAt: Date;
}

async function planNext(
  marketplace: MarketplacePolicy,
  parts: PollParts,
  signal: AbortSignal,
): Promise<ScanPlan> {
  const { database, clock, logger } = parts;
  const progress = await readProgress(database, marketplace.id);
  const { backfillFrom } = marketplace;
  const policy = { backfillFrom, readingHash: readingHash(marketplace), overlapMs: OVERLAP_MS };
  const pending = await pendingHistory(marketplace, parts);
  const plan = planScan(progress, policy, clock.now(), pending);
  if (plan.why === 'changes' || plan.why === 'resumed') return plan;
  const fields = { event: 'scan_of_history', marketplace: marketplace.id, why: plan.why, from: plan.from };
  const until = await endOfLargeHistory(marketplace, parts, signal);
  logger.info({ ...fields, by: until === null ? 'scan' : 'backfill' }, 'reading history');
  if (until === null) return plan;
  await queueFirstBackfill(database, marketplace, policy.readingHash, until);
  return planScan(progress, policy, clock.now(), { until });
}

function pendingHistory(
  marketplace: MarketplacePolicy,
  { database }: PollParts,
): Promise<PendingHistory | null> {
  return readPendingHistory(database, marketplace, readingHash(marketplace));
}

/** Up to when a backfill is to read the history; null where it is so small that the scan itself reads it at once. */
async function endOfLargeHistory(
  { backfillFrom }: MarketplacePolicy,
  { source, clock, scanHistoryMax = SCAN_HISTORY_MAX }: PollParts,
  signal: AbortSignal,
): Promise<Date | null> {
  const now = clock.now();
  if (backfillFrom >= now) return null;
  const counted = await source.countOrdersCreated(backfillFrom, now, signal);
  if (counted === null || counted.orders <= scanHistoryMax) return null;
  return counted.answeredAt < now ? counted.answeredAt : now;
}

async function scanPages(
  marketplace: MarketplacePolicy,
  plan: ScanPlan,
  parts: PollParts,
  signal: AbortSignal,
): Promise<ScanDone> {
  const origin = { marketplaceId: marketplace.id, api: marketplace.api, source: 'poll' } as const;
  const localStart = parts.clock.now();
  let done: ScanDone | undefined;
  for await (const page of parts.source.listOrdersUpdatedSince(
    plan.from,
    plan.resume?.cursor ?? null,
    signal,
  )) {
    const under = done?.under ?? plan.resume ?? beginScan(marketplace, plan, page.answeredAt, localStart);
    const captured = await publishPage(parts, page, origin, async (transaction) => {
      if (page.next !== null) await saveCursor(transaction, marketplace.id, { ...under, cursor: page.next });
    });
    const { seen = 0, changed = 0 } = done ?? {};
    done = {
      under,
      seen: seen + captured.seen,
      changed: changed + captured.changed,
      answeredAt: page.answeredAt,
    };
    signal.throwIfAborted();
  }
  if (done === undefined) throw new Error(`${marketplace.id}: a scan ended without a single page`);
  ingestMetrics.pollSeconds.observe(
    { marketplace: marketplace.id },
    (parts.clock.now().getTime() - localStart.getTime()) / 1_000,
  );
  return done;
}

function beginScan(
  marketplace: MarketplacePolicy,
  plan: ScanPlan,
  serverStart: Date,
  localStart: Date,
): Omit<ScanUnderWay, 'cursor'> {
  return {
    from: plan.from,
    startedAt: serverStart,
    nextWatermark: watermarkOf(serverStart, localStart, OVERLAP_MS),
    historyFrom: plan.historyFrom,
    readingHash: readingHash(marketplace),
  };
}

async function moveWatermark(
  { id }: MarketplacePolicy,
  { under }: ScanDone,
  parts: PollParts,
): Promise<number> {
  const { nextWatermark: watermark, historyFrom, readingHash } = under;
  const history = historyFrom === null ? null : { from: historyFrom, readingHash };
  const pollsCompleted = await parts.database.transaction(async (transaction) => {
    await parts.assertHeld(transaction, id);
    return completeScan(transaction, id, { watermark, history });
  });
  crashPoint('ingest.watermark_moved');
  ingestMetrics.watermark.set({ marketplace: id }, watermark.getTime() / 1_000);
  return pollsCompleted;
}

async function announce({ id }: MarketplacePolicy, done: ScanDone, parts: PollParts): Promise<void> {
  const { startedAt, nextWatermark: watermark } = done.under;
  const outcome = pollCompleted({
    marketplaceId: id,
    at: parts.clock.now(),
    startedAt,
    watermark,
    ordersSeen: done.seen,
    ordersChanged: done.changed,
    publishedUpTo: await readPublishedUpTo(parts.database, id),
    lease: await readLease(parts.database, id),
  });
  await publishSourceOutcome(parts.publisher, parts.topics, outcome);
}

async function audit(
  marketplace: MarketplacePolicy,
  serverNow: Date,
  parts: PollParts,
  signal: AbortSignal,
): Promise<boolean> {
  const outcome = await auditCount(marketplace, parts.source, serverNow, signal);
  if (outcome === null) return false;
  await publishSourceOutcome(parts.publisher, parts.topics, outcome);
  return true;
}
