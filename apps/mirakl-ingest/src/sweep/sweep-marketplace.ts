import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock, Logger } from '@watertight/service';
import { type CaptureParts, publishPage } from '../capture/publish-page.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { readProgress } from '../poll/progress.store.ts';
import { planSweep, type Sweep } from './plan-sweep.ts';
import { sweepWords } from './sweep-words.ts';
import { endSweep, readSweep, saveSweep } from './sweep.store.ts';

/** Pages per call: the fast loop comes in between, so a long sweep does not delay live orders. */
const PAGES_PER_STEP = 20;
const ATTEMPTS = 2;

export interface SweepParts extends CaptureParts {
  readonly source: MiraklSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many days back orders are read once more. */
  readonly sweepDays: number;
}

/**
 * The slow loop, one step of it: begins a sweep when one is due, and goes on with one that is under way, at most so
 * many pages. Whatever differs from what was captured is published, and reported when the fast loop should have had
 * it. At the end the orders seen are held against Mirakl's count. Errors as pollMarketplace; the next step goes on.
 */
export async function sweepStep(
  marketplace: MarketplacePolicy,
  parts: SweepParts,
  signal: AbortSignal,
): Promise<void> {
  const now = parts.clock.now();
  const { sweptAt, underWay } = await readSweep(parts.database, marketplace.id, now);
  const { backfillFrom, pollIntervalMs } = marketplace;
  let sweep =
    underWay ?? planSweep({ backfillFrom, pollIntervalMs, sweepDays: parts.sweepDays }, sweptAt, now);
  for (let pages = 0; sweep !== null && pages < PAGES_PER_STEP; pages += 1) {
    sweep = await sweepPage(marketplace, sweep, parts, signal);
    signal.throwIfAborted();
  }
}

/** Captures one page; the sweep as it stands after it, or null when that was the last one. */
async function sweepPage(
  marketplace: MarketplacePolicy,
  sweep: Sweep,
  parts: SweepParts,
  signal: AbortSignal,
): Promise<Sweep | null> {
  const { id: marketplaceId, api } = marketplace;
  const { database, source } = parts;
  const page = await source.readOrdersCreated(sweep.since, sweep.until, sweep.cursor, signal);
  const { watermark } = await readProgress(database, marketplaceId);
  const swept = { marketplaceId, orders: page.orders, answeredAt: page.answeredAt, watermark };
  const next = { ...sweep, cursor: page.next, seen: sweep.seen + page.orders.length };
  await publishPage(
    parts,
    page,
    { marketplaceId, api, source: 'sweep', say: (changes) => sayAndCount(swept, changes) },
    (transaction) => saveSweep(transaction, marketplaceId, next),
  );
  return page.next === null ? conclude(marketplaceId, next, parts, signal) : next;
}

function sayAndCount(...[page, changes]: Parameters<typeof sweepWords>): ReturnType<typeof sweepWords> {
  const words = sweepWords(page, changes);
  const missed = words.filter(({ kind }) => kind === 'fact').length;
  if (missed > 0) ingestMetrics.missedByPoll.inc({ marketplace: page.marketplaceId }, missed);
  return words;
}

/** Holds what was seen against Mirakl's count. A sweep that saw too little is made once more from its beginning. */
async function conclude(
  marketplaceId: string,
  sweep: Sweep,
  { source, database, clock, logger }: SweepParts,
  signal: AbortSignal,
): Promise<Sweep | null> {
  const { orders } = await source.countOrdersCreated(sweep.since, sweep.until, signal);
  const again = { ...sweep, cursor: null, seen: 0, attempt: sweep.attempt + 1 };
  if (sweep.seen < orders && sweep.attempt < ATTEMPTS) {
    await saveSweep(database, marketplaceId, again);
    return again;
  }
  if (sweep.seen < orders) {
    const fields = {
      event: 'sweep_incomplete',
      marketplace: marketplaceId,
      seen: sweep.seen,
      counted: orders,
    };
    logger.warn(fields, `${marketplaceId}: Mirakl counts ${orders} orders and lists ${sweep.seen} of them`);
  }
  await endSweep(database, marketplaceId, clock.now());
  return null;
}
