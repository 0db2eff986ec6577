import type { MarketplacePolicy } from '@watertight/marketplaces';
import { backoffMs, RetryableError } from '@watertight/service';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import { publishSourceOutcome } from '../poll/source-outcomes.ts';
import {
  type Advance,
  AT_EXPORT,
  AT_LISTING,
  type Backfill,
  backfillWord,
  estimateEnd,
  type Pace,
} from './backfill.ts';
import {
  markTold,
  moveBackfill,
  nextBackfill,
  readBackfillState,
  readUntold,
  saveAdvance,
} from './backfill.store.ts';
import type { BackfillParts } from './backfill-parts.ts';
import { captureStep } from './capture-step.ts';
import { endBackfill } from './end-backfill.ts';
import { planSlices } from './plan-slices.ts';
import { readSlice } from './read-slice.ts';

const LOOK_EVERY_MS = 1_000;
/** A word on the progress at most so often. */
const TELL_EVERY_MS = 2_000;
const WAIT_MS = 500;
const BACKOFF = { baseMs: 1_000, maxMs: 60_000 } as const;
/** Refusals in a row after which a backfill that a person asked for has failed. */
const REFUSALS_MAX = 10;

/** A person paused or cancelled it: the work ends where it stands. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Reads history for one marketplace, one backfill after another, beside the fast loop. All that a backfill has done is
 * in the database with the facts it recorded, so after a crash it goes on with the next order.
 */
export class BackfillRunner {
  #toldAt = -Infinity;
  #failures = 0;
  #isWaiting = false;

  constructor(
    private readonly marketplace: MarketplacePolicy,
    private readonly parts: BackfillParts,
    /** Throws MiraklError while the marketplace must not be read. */
    private readonly assertReadable: () => Promise<void> = async () => undefined,
  ) {}

  /** Ends when the signal aborts. Rejects only with an unknown error: a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    while (!signal.aborted) {
      try {
        const isIdle = !(await this.step(signal));
        if (isIdle) await clock.sleep(LOOK_EVERY_MS, signal);
      } catch (error) {
        if (signal.aborted && (error === signal.reason || error instanceof RetryableError)) return;
        if (!(error instanceof RetryableError)) throw error;
        const waitMs = backoffMs(this.#failures, { ...BACKOFF, random: this.parts.random });
        await clock.sleep(Math.max(waitMs, error.retryAfterMs ?? 0), signal);
      }
    }
  }

  /** One backfill to its end, or until it is stopped; false when there is none. Errors as pollMarketplace. */
  async step(signal: AbortSignal): Promise<boolean> {
    const { database } = this.parts;
    await this.#tellStates();
    const backfill = await nextBackfill(database, this.marketplace.id);
    if (backfill === null) return false;
    try {
      await this.assertReadable();
      await this.#read(backfill, signal);
      this.#failures = 0;
    } catch (error) {
      if (error instanceof Stopped) return true;
      this.#failures += 1;
      if (error instanceof MiraklError) await this.#afterMiraklError(backfill, error);
      throw error;
    } finally {
      if (!signal.aborted) await this.#tellStates();
    }
    return true;
  }

  async #read(backfill: Backfill, signal: AbortSignal): Promise<void> {
    let advance = await this.#begin(backfill, signal);
    const { clock } = this.parts;
    // Counted from the first page on: making the files of an export says nothing about how fast they are read.
    let pace: Pace | null = null;
    const slices = planSlices(backfill.since, backfill.until);
    for (const [index, slice] of slices.entries()) {
      if (index < advance.slice) continue;
      const waitsFor = (what: string) => this.#waits({ ...backfill, advance }, what);
      const steps = readSlice(slice, advance.position, { ...this.parts, waitsFor }, signal);
      for await (const step of steps) {
        if (step.page !== null) {
          pace ??= { since: clock.now(), seenBefore: advance.tally.seen };
          await this.#admit({ ...backfill, advance }, signal);
        }
        advance = await captureStep(this.marketplace, { ...backfill, advance }, step, this.parts, signal);
        this.#failures = 0;
        signal.throwIfAborted();
        await this.#tellProgress({ ...backfill, advance, state: 'running' }, pace);
      }
      // Where one slice had to be listed, the next one is.
      const position = advance.position.route === 'export' ? AT_EXPORT : AT_LISTING;
      advance = { ...advance, slice: index + 1, position, tallyAtSlice: advance.tally };
      await saveAdvance(this.parts.database, backfill.backfillId, advance);
    }
    await endBackfill(this.marketplace, backfill, this.parts);
  }

  /** Takes it up: asks how much there is, once. */
  async #begin(backfill: Backfill, signal: AbortSignal): Promise<Advance> {
    const { source, clock, database } = this.parts;
    await this.#move(backfill, 'running', null);
    this.#isWaiting = false;
    if (backfill.advance.startedAt !== null) return backfill.advance;
    const counted = await source.countOrdersCreated(backfill.since, backfill.until, signal);
    const begun = { ...backfill.advance, startedAt: clock.now(), ordersTotal: counted?.orders ?? null };
    await saveAdvance(database, backfill.backfillId, begun);
    return begun;
  }

  /** Resolves when a page may go in: not while much is in flight, and not when a person said stop. */
  async #admit(backfill: Backfill, signal: AbortSignal): Promise<void> {
    const { admission, clock, database } = this.parts;
    await this.assertReadable();
    while (!backfill.dryRun && !(await admission.isOpen())) {
      await this.#waits(backfill, admission.reason);
      await clock.sleep(WAIT_MS, signal);
      signal.throwIfAborted();
    }
    if (this.#isWaiting) {
      await this.#move(backfill, 'running', null);
      this.#isWaiting = false;
      return this.#tellStates();
    }
    const state = await readBackfillState(database, backfill.backfillId);
    if (state === 'paused' || state === 'cancelled' || state === null) throw new Stopped();
  }

  async #waits(backfill: Backfill, detail: string): Promise<void> {
    await this.#move(backfill, 'waiting', detail);
    this.#isWaiting = true;
    await this.#tellStates();
  }

  async #move(backfill: Backfill, state: 'running' | 'waiting', detail: string | null): Promise<void> {
    const isMoved = await moveBackfill(this.parts.database, backfill.backfillId, { state, detail });
    if (!isMoved) throw new Stopped();
  }

  /** Mirakl refuses what cannot be asked for; after some patience that is the end of what a person asked for. */
  async #afterMiraklError({ backfillId, requestedBy }: Backfill, error: MiraklError): Promise<void> {
    const isAsked = requestedBy !== 'first start';
    const isOver = isAsked && !error.isPassing && this.#failures >= REFUSALS_MAX;
    const state = isOver ? 'failed' : 'waiting';
    await moveBackfill(this.parts.database, backfillId, { state, detail: error.message });
    if (isOver) this.#failures = 0;
  }

  /** Every state, and what is waited for, is told once. */
  async #tellStates(): Promise<void> {
    for (const backfill of await readUntold(this.parts.database, this.marketplace.id)) {
      await this.#tell(backfill, null);
      await markTold(this.parts.database, backfill);
    }
  }

  async #tellProgress(backfill: Backfill, pace: Pace | null): Promise<void> {
    const now = this.parts.clock.now();
    if (now.getTime() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now.getTime();
    await this.#tell(backfill, pace && estimateEnd(backfill, pace, now));
  }

  async #tell(backfill: Backfill, finishesAt: Date | null): Promise<void> {
    const { publisher, topics, clock } = this.parts;
    await publishSourceOutcome(publisher, topics, backfillWord(backfill, clock.now(), finishesAt));
  }
}
