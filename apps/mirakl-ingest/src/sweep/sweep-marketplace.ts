import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock, Logger } from '@watertight/service';
import { type CaptureParts, publishPage } from '../capture/publish-page.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { readProgress } from '../poll/progress.store.ts';
import { dayCount, publishSourceOutcome } from '../poll/source-outcomes.ts';
import { daysBetween, planSweep, requestedSweep, type Sweep } from './plan-sweep.ts';
import { sweepWords } from './sweep-words.ts';
import { endSweep, forgetSweepRequest, readSweep, readSweepRequest, saveSweep } from './sweep.store.ts';

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

/** Days counted per call: one small answer each. */
const DAYS_PER_STEP = 31;

/**
 * The slow loop, one step of it: begins a sweep when one is due or was asked for, and goes on with one that is under
 * way, at most so many pages. Whatever differs from what was captured is published, and reported when the fast loop
 * should have had it. At the end the orders seen are held against Mirakl's count, and each day is counted. Errors as
 * pollMarketplace; the next step goes on.
 */
export async function sweepStep(
  marketplace: MarketplacePolicy,
  parts: SweepParts,
  signal: AbortSignal,
): Promise<void> {
  let sweep = await sweepToDo(marketplace, parts);
  for (let pages = 0; sweep !== null && sweep.countFrom === null && pages < PAGES_PER_STEP; pages += 1) {
    sweep = await sweepPage(marketplace, sweep, parts, signal);
    signal.throwIfAborted();
  }
  if (sweep !== null && sweep.countFrom !== null) await countDays(marketplace.id, sweep, parts, signal);
}

async function sweepToDo(
  { id, backfillFrom, pollIntervalMs }: MarketplacePolicy,
  { database, clock, sweepDays }: SweepParts,
): Promise<Sweep | null> {
  const now = clock.now();
  const { sweptAt, underWay } = await readSweep(database, id, now);
  if (underWay !== null) return underWay;
  const request = await readSweepRequest(database, id);
  if (request === null) return planSweep({ backfillFrom, pollIntervalMs, sweepDays }, sweptAt, now);
  const requested = requestedSweep(request, now);
  // A span that is empty or still to come: there is nothing to read.
  if (requested === null) await forgetSweepRequest(database, request.commandId);
  return requested;
}

/** Captures one page; the sweep as it stands after it. */
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
  parts: SweepParts,
  signal: AbortSignal,
): Promise<Sweep | null> {
  const { source, database, logger } = parts;
  const counted = await source.countOrdersCreated(sweep.since, sweep.until, signal);
  // This source gives no count: what was seen is all there is to say.
  if (counted === null) return endOf(marketplaceId, sweep, parts);
  const isShort = sweep.seen < counted.orders;
  const again = isShort && sweep.attempt < ATTEMPTS;
  if (isShort && !again) {
    const { seen } = sweep;
    const fields = { event: 'sweep_incomplete', marketplace: marketplaceId, seen, counted: counted.orders };
    logger.warn(fields, `${marketplaceId}: Mirakl counts ${counted.orders} orders and lists ${seen} of them`);
  }
  const next: Sweep = again
    ? { ...sweep, cursor: null, seen: 0, attempt: sweep.attempt + 1 }
    : { ...sweep, cursor: null, countFrom: sweep.since };
  await saveSweep(database, marketplaceId, next);
  return next;
}

/** Publishes Mirakl's own count of each day, so that a difference can be told to the day. */
async function countDays(
  marketplaceId: string,
  sweep: Sweep,
  parts: SweepParts,
  signal: AbortSignal,
): Promise<void> {
  const days = daysBetween(sweep.countFrom ?? sweep.since, sweep.until);
  for (const { since, until } of days.slice(0, DAYS_PER_STEP)) {
    const counted = await parts.source.countOrdersCreated(since, until, signal);
    if (counted === null) break;
    const word = dayCount({ marketplaceId, at: counted.answeredAt, since, until, orders: counted.orders });
    await publishSourceOutcome(parts.publisher, parts.topics, word);
    signal.throwIfAborted();
  }
  const [next] = days.slice(DAYS_PER_STEP);
  if (next === undefined) await endOf(marketplaceId, sweep, parts);
  else await saveSweep(parts.database, marketplaceId, { ...sweep, countFrom: next.since });
}

async function endOf(marketplaceId: string, sweep: Sweep, { database, clock }: SweepParts): Promise<null> {
  await endSweep(database, marketplaceId, sweep, clock.now());
  return null;
}
