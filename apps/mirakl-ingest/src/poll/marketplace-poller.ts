import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Leases } from '@watertight/postgres';
import { measureStep, RetryableError } from '@watertight/service';
import type { BackfillParts } from '../backfill/backfill-parts.ts';
import { BackfillRunner } from '../backfill/run-backfill.ts';
import { hasWanted } from '../commands/wanted-order.store.ts';
import { refetchWanted } from '../commands/refetch-order.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import { ReturnsReader } from '../returns/read-returns.ts';
import { SettingsWatch } from '../settings/watch-settings.ts';
import { sweepStep, type SweepParts } from '../sweep/sweep-marketplace.ts';
import { readSweepRequest } from '../sweep/sweep.store.ts';
import { TransactionsReader } from '../transactions/read-transactions.ts';
import { holdLease } from './hold-lease.ts';
import { leaseNameOf } from './lease.store.ts';
import { delayAfterFailureMs, delayAfterPollMs } from './poll-schedule.ts';
import { pollMarketplace, type PollParts } from './poll-marketplace.ts';
import { readProgress } from './progress.store.ts';
import { type SlowStep, SlowSteps } from './slow-steps.ts';
import { pollFailed, publishSourceOutcome } from './source-outcomes.ts';

/** How often a replica that does not poll a marketplace asks whether it may. */
const TAKE_OVER_EVERY_MS = 5_000;
/** How soon an order that a person asked for is fetched between two polls. */
const LOOK_FOR_WANTED_EVERY_MS = 1_000;

export interface PollerParts extends PollParts, SweepParts, BackfillParts {
  readonly leases: Leases;
}

interface Failure {
  readonly consecutive: number;
  /** What is the matter; a line is logged only when it changes. */
  readonly kind: string;
}

/** Polls one marketplace for as long as the service runs, whenever this replica holds its lease. */
export class MarketplacePoller {
  #failure: Failure | null = null;
  readonly #settings: SettingsWatch;
  readonly #settingsStep: SlowSteps;
  readonly #slowSteps: SlowSteps;
  /** Lists of their own: a long one must not delay the next poll, so they are read beside it. */
  readonly #lists: SlowSteps;
  #listing: Promise<void> = Promise.resolve();
  #isListing = false;
  #listFailure: { readonly error: unknown } | null = null;
  readonly #backfills: BackfillRunner;

  constructor(
    private readonly marketplace: MarketplacePolicy,
    private readonly parts: PollerParts,
  ) {
    const returns = new ReturnsReader(marketplace, parts);
    const transactions = new TransactionsReader(marketplace, parts);
    const steps: readonly SlowStep[] = [
      { name: 'sweep', run: (signal) => sweepStep(marketplace, parts, signal) },
    ];
    const lists: readonly SlowStep[] = [
      { name: 'returns', run: (signal) => returns.step(signal) },
      { name: 'transactions', run: (signal) => transactions.step(signal) },
    ];
    this.#settings = new SettingsWatch(marketplace, parts);
    const settingsStep = { name: 'settings', run: (signal: AbortSignal) => this.#settings.step(signal) };
    this.#settingsStep = new SlowSteps(marketplace.id, [settingsStep], parts.logger);
    this.#backfills = new BackfillRunner(marketplace, parts, () => this.#settings.assertUnchanged());
    this.#slowSteps = new SlowSteps(marketplace.id, steps, parts.logger);
    this.#lists = new SlowSteps(marketplace.id, lists, parts.logger);
  }

  /** Ends when the signal aborts, after the step in hand. Rejects only with an unknown error: a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const { leases, clock } = this.parts;
    const { id } = this.marketplace;
    while (!signal.aborted) {
      try {
        const name = leaseNameOf(id);
        const wasHeld = await holdLease({ leases, name, clock }, signal, (held) => this.#workWhileHeld(held));
        if (!wasHeld) await clock.sleep(TAKE_OVER_EVERY_MS, signal);
      } catch (error) {
        await this.#afterFailure(error, signal);
      } finally {
        ingestMetrics.leased.set({ marketplace: id }, 0);
      }
    }
    await this.parts.source.close();
  }

  /** The fast loop, and beside it the backfills. When one of them fails for good, the other ends too. */
  async #workWhileHeld(held: AbortSignal): Promise<void> {
    ingestMetrics.leased.set({ marketplace: this.marketplace.id }, 1);
    const failed = new AbortController();
    const signal = AbortSignal.any([held, failed.signal]);
    const works = [this.#poll(signal), this.#backfills.run(signal)].map((work) =>
      work.catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    );
    const ends = await Promise.allSettled(works);
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #poll(held: AbortSignal): Promise<void> {
    while (!held.aborted) {
      try {
        this.#throwListFailure();
        await this.#settingsStep.run(held);
        await this.#settings.assertUnchanged();
        const { audited } = await measureStep('ingest.poll', () =>
          pollMarketplace(this.marketplace, this.parts, held),
        );
        this.#noteSuccess();
        this.#readLists(held);
        await this.#slowSteps.run(held);
        await this.#pause(delayAfterPollMs(this.marketplace, audited), held);
      } catch (error) {
        await this.#afterFailure(error, held);
      }
    }
    await this.#listing;
    this.#throwListFailure();
  }

  /** Begins to read the lists that are due, unless that is under way. */
  #readLists(held: AbortSignal): void {
    if (this.#isListing) return;
    this.#isListing = true;
    this.#listing = this.#lists.run(held).then(
      () => void (this.#isListing = false),
      (error: unknown) => {
        this.#isListing = false;
        // Stopping, or a lost lease, cut it off: the next holder reads on from the last watermark.
        const isCutOff = held.aborted && (error === held.reason || error instanceof RetryableError);
        if (!isCutOff) this.#listFailure = { error };
      },
    );
  }

  /** A failure of our own parts, or a bug, is the loop's to deal with. */
  #throwListFailure(): void {
    const failure = this.#listFailure;
    this.#listFailure = null;
    if (failure !== null) throw failure.error;
  }

  /** Waits, and meanwhile does what a person asks for. */
  async #pause(delayMs: number, held: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const endsAt = clock.now().getTime() + delayMs;
    for (let leftMs = delayMs; leftMs > 0 && !held.aborted; leftMs = endsAt - clock.now().getTime()) {
      await clock.sleep(Math.min(leftMs, LOOK_FOR_WANTED_EVERY_MS), held);
      if (!held.aborted) await this.#doWanted(held);
    }
  }

  async #doWanted(held: AbortSignal): Promise<void> {
    const { database } = this.parts;
    const { id } = this.marketplace;
    if (await hasWanted(database, id)) await refetchWanted(this.marketplace, this.parts, held);
    if (await this.#settings.isCheckWanted()) await this.#settingsStep.run(held);
    if ((await readSweepRequest(database, id)) !== null) await this.#slowSteps.run(held);
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
    const { publisher, topics, clock, logger, database } = this.parts;
    const { id: marketplaceId } = this.marketplace;
    const reason = error.kind === 'settings_changed' ? 'source.settings_changed' : 'source.unreachable';
    const detail = error.message;
    try {
      const { watermark } = await readProgress(database, marketplaceId);
      const at = clock.now();
      const outcome = pollFailed({ marketplaceId, at, consecutive, reason, detail, watermark });
      await publishSourceOutcome(publisher, topics, outcome);
    } catch (publishError) {
      if (!(publishError instanceof RetryableError)) throw publishError;
      // The next failure says it again; the log has said it once.
      logger.debug({ event: 'poll_failed_untold', marketplace: marketplaceId, err: publishError });
    }
  }
}
