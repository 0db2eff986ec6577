import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Leases } from '@watertight/postgres';
import { measureStep, RetryableError } from '@watertight/service';
import { hasWanted } from '../commands/wanted-order.store.ts';
import { refetchWanted } from '../commands/refetch-order.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import { ReturnsReader } from '../returns/read-returns.ts';
import { sweepStep, type SweepParts } from '../sweep/sweep-marketplace.ts';
import { holdLease } from './hold-lease.ts';
import { delayAfterFailureMs, delayAfterPollMs } from './poll-schedule.ts';
import { pollMarketplace, type PollParts } from './poll-marketplace.ts';
import { type SlowStep, SlowSteps } from './slow-steps.ts';
import { pollFailed, publishSourceOutcome } from './source-outcomes.ts';

/** How often a replica that does not poll a marketplace asks whether it may. */
const TAKE_OVER_EVERY_MS = 5_000;
/** How soon an order that a person asked for is fetched between two polls. */
const LOOK_FOR_WANTED_EVERY_MS = 1_000;

/** The name of the right to poll a marketplace. */
export function leaseNameOf(marketplaceId: string): string {
  return `poll:${marketplaceId}`;
}

export interface PollerParts extends PollParts, SweepParts {
  readonly leases: Leases;
  readonly random: () => number;
}

interface Failure {
  readonly consecutive: number;
  /** What is the matter; a line is logged only when it changes. */
  readonly kind: string;
}

/** Polls one marketplace for as long as the service runs, whenever this replica holds its lease. */
export class MarketplacePoller {
  #failure: Failure | null = null;
  readonly #slowSteps: SlowSteps;

  constructor(
    private readonly marketplace: MarketplacePolicy,
    private readonly parts: PollerParts,
  ) {
    const returns = new ReturnsReader(marketplace, parts);
    const steps: readonly SlowStep[] = [
      { name: 'returns', run: (signal) => returns.step(signal) },
      { name: 'sweep', run: (signal) => sweepStep(marketplace, parts, signal) },
    ];
    this.#slowSteps = new SlowSteps(marketplace.id, steps, parts.logger);
  }

  /** Ends when the signal aborts, after the step in hand. Rejects only with an unknown error: a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const { leases, clock } = this.parts;
    const { id } = this.marketplace;
    while (!signal.aborted) {
      try {
        const name = leaseNameOf(id);
        const wasHeld = await holdLease({ leases, name, clock }, signal, (held) => this.#pollWhileHeld(held));
        if (!wasHeld) await clock.sleep(TAKE_OVER_EVERY_MS, signal);
      } catch (error) {
        await this.#afterFailure(error, signal);
      } finally {
        ingestMetrics.leased.set({ marketplace: id }, 0);
      }
    }
    await this.parts.source.close();
  }

  async #pollWhileHeld(held: AbortSignal): Promise<void> {
    ingestMetrics.leased.set({ marketplace: this.marketplace.id }, 1);
    while (!held.aborted) {
      try {
        const { audited } = await measureStep('ingest.poll', () =>
          pollMarketplace(this.marketplace, this.parts, held),
        );
        this.#noteSuccess();
        await this.#slowSteps.run(held);
        await this.#pause(delayAfterPollMs(this.marketplace, audited), held);
      } catch (error) {
        await this.#afterFailure(error, held);
      }
    }
  }

  /** Waits, and meanwhile fetches what a person asks for. */
  async #pause(delayMs: number, held: AbortSignal): Promise<void> {
    const { clock, database } = this.parts;
    const endsAt = clock.now().getTime() + delayMs;
    for (let leftMs = delayMs; leftMs > 0 && !held.aborted; leftMs = endsAt - clock.now().getTime()) {
      await clock.sleep(Math.min(leftMs, LOOK_FOR_WANTED_EVERY_MS), held);
      if (held.aborted || !(await hasWanted(database, this.marketplace.id))) continue;
      await refetchWanted(this.marketplace, this.parts, held);
    }
  }

  #noteSuccess(): void {
    const { id } = this.marketplace;
    ingestMetrics.polls.inc({ marketplace: id, result: 'ok' });
    ingestMetrics.failuresInARow.set({ marketplace: id }, 0);
    if (this.#failure === null) return;
    const { consecutive: failures } = this.#failure;
    this.parts.logger.info({ event: 'poll_works_again', marketplace: id, failures }, `${id}: polled again`);
    this.#failure = null;
  }

  /** Tells of the failure and waits. An error that is not one of those that pass is thrown on. */
  async #afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
    // Stopping, or a lost lease: whatever was cut off by it is no failure of the marketplace.
    if (signal.aborted && (error === signal.reason || error instanceof RetryableError)) return;
    if (!(error instanceof RetryableError)) throw error;
    const { id } = this.marketplace;
    const kind = error instanceof MiraklError ? error.kind : 'our_side';
    const side = error instanceof MiraklError ? 'mirakl' : 'ours';
    const consecutive = (this.#failure?.consecutive ?? 0) + 1;
    if (this.#failure?.kind !== kind) {
      this.parts.logger.warn({ event: 'poll_failed', marketplace: id, kind }, error.message);
    }
    this.#failure = { consecutive, kind };
    ingestMetrics.polls.inc({ marketplace: id, result: kind });
    ingestMetrics.failuresInARow.set({ marketplace: id }, consecutive);
    if (error instanceof MiraklError) await this.#publishFailure(error, consecutive);
    const { retryAfterMs } = error;
    const { random, clock } = this.parts;
    await clock.sleep(
      delayAfterFailureMs(this.marketplace, { side, consecutive, retryAfterMs }, random),
      signal,
    );
  }

  async #publishFailure(error: MiraklError, consecutive: number): Promise<void> {
    const { publisher, topics, clock, logger } = this.parts;
    const { id: marketplaceId } = this.marketplace;
    const outcome = pollFailed({ marketplaceId, at: clock.now(), consecutive, detail: error.message });
    try {
      await publishSourceOutcome(publisher, topics, outcome);
    } catch (publishError) {
      if (!(publishError instanceof RetryableError)) throw publishError;
      // The next failure says it again; the log has said it once.
      logger.debug({ event: 'poll_failed_untold', marketplace: marketplaceId, err: publishError });
    }
  }
}
