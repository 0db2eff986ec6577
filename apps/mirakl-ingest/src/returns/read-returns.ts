import { isLoopback, type MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock, Logger } from '@watertight/service';
import type { CaptureParts } from '../capture/publish-page.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { watermarkOf } from '../poll/plan-scan.ts';
import { publishReturns } from './publish-returns.ts';
import { readReturnsProgress, saveReturnsProgress } from './returns.store.ts';

export interface ReturnsParts extends CaptureParts {
  readonly source: MiraklSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

const OVERLAP_MS = 5 * 60_000;
/** Mirakl recommends every 15 minutes; a double on this machine is asked every few polls. */
const EVERY_MS = 15 * 60_000;
const EVERY_POLLS = 3;

/** How long after one reading of the returns the next one is due. Pure. */
export function returnsEveryMs({
  baseUrl,
  pollIntervalMs,
}: Pick<MarketplacePolicy, 'baseUrl' | 'pollIntervalMs'>): number {
  const isLocal = isLoopback(new URL(baseUrl).hostname);
  return isLocal ? Math.min(pollIntervalMs * EVERY_POLLS, EVERY_MS) : Math.max(EVERY_MS, pollIntervalMs);
}

/**
 * Captures the returns that changed since the last reading, when one is due; on the first one all since
 * `backfillFrom`. The watermark moves after the last page, as for orders. Returns are a feature that an operator may
 * not have, or not show: then that is logged once and the orders go on. Other errors as pollMarketplace.
 */
export class ReturnsReader {
  #isRefused = false;

  constructor(
    private readonly marketplace: MarketplacePolicy,
    private readonly parts: ReturnsParts,
  ) {}

  async step(signal: AbortSignal): Promise<void> {
    const { database, clock } = this.parts;
    const { id } = this.marketplace;
    const now = clock.now();
    const { watermark, readAt } = await readReturnsProgress(database, id);
    if (readAt !== null && now.getTime() - readAt.getTime() < returnsEveryMs(this.marketplace)) return;
    const from = watermark ?? new Date(this.marketplace.backfillFrom.getTime() - OVERLAP_MS);
    const read = await this.#readSince(from, now, signal);
    await saveReturnsProgress(database, id, now, read);
  }

  /** The watermark that the reading earned; null when Mirakl does not show the returns. */
  async #readSince(from: Date, localStart: Date, signal: AbortSignal): Promise<Date | null> {
    const { source, logger } = this.parts;
    const { id: marketplaceId } = this.marketplace;
    let earned: Date | null = null;
    try {
      for await (const page of source.listReturnsUpdatedSince(from, signal)) {
        earned ??= watermarkOf(page.answeredAt, localStart, OVERLAP_MS);
        await publishReturns(this.parts, marketplaceId, page);
        signal.throwIfAborted();
      }
    } catch (error) {
      if (!(error instanceof MiraklError) || (error.kind !== 'rejected' && error.kind !== 'unauthorised'))
        throw error;
      if (!this.#isRefused) {
        logger.warn(
          { event: 'returns_refused', marketplace: marketplaceId },
          `returns are not captured: ${error.message}`,
        );
      }
      this.#isRefused = true;
      return null;
    }
    this.#isRefused = false;
    return earned;
  }
}
