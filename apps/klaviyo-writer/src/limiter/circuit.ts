import { backoffMs, type Clock, RetryableError } from '@watertight/service';
import { describeFailure, type KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';

export interface CircuitOptions {
  readonly clock: Clock;
  /** Pause after the first failure, in milliseconds; it doubles with each further one. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly random: () => number;
}

/** A try that has not said how it ended after this long is taken for lost, in milliseconds. */
const TRY_MAX_MS = 60_000;

/**
 * Keeps the writer from knocking on a door that does not open. After a call without an answer nothing is sent for a
 * while; then one call alone tries, and only when that succeeds do the others follow. Meanwhile the lanes pause and
 * their lag grows. Without it every lane would try by itself, and each try leaves events in doubt.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  #failures = 0;
  #opensAtMs = 0;
  #why = '';
  #tryingUntilMs = 0;

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  /** Until when nothing is sent; null while calls may pass. */
  get pausedUntil(): Date | null {
    return this.#waitMs() > 0 ? new Date(this.#opensAtMs) : null;
  }

  /**
   * To be asked before anything is taken for a call. Throws RetryableError while nothing may be sent. After a failure
   * only the first to ask may pass, until its call has ended; it then returns true: that call is to be alone.
   */
  enter(): boolean {
    if (this.#failures === 0) return false;
    const waitMs = this.#waitMs();
    if (waitMs > 0) throw new RetryableError(this.#why, { retryAfterMs: waitMs });
    if (this.#trying) throw new RetryableError(this.#why, { retryAfterMs: this.#options.baseMs });
    this.#tryingUntilMs = this.#options.clock.now().getTime() + TRY_MAX_MS;
    return true;
  }

  /** The one that passed did not call after all: the next may try. */
  leave(): void {
    this.#tryingUntilMs = 0;
  }

  /** Klaviyo has answered, whatever it said of the request. */
  answered(): void {
    this.#failures = 0;
    this.#tryingUntilMs = 0;
  }

  /** No answer, or one that will be the same for every call. */
  failed(failure: KlaviyoFailure): void {
    const { clock, baseMs, maxMs, random } = this.#options;
    // Calls that were under way together fail together: they count as one.
    if (!this.#trying && this.#waitMs() > 0) return;
    this.#failures += 1;
    this.#tryingUntilMs = 0;
    this.#why = describeFailure(failure);
    this.#opensAtMs = clock.now().getTime() + backoffMs(this.#failures, { baseMs, maxMs, random });
  }

  get #trying(): boolean {
    return this.#options.clock.now().getTime() < this.#tryingUntilMs;
  }

  #waitMs(): number {
    return this.#failures === 0 ? 0 : this.#opensAtMs - this.#options.clock.now().getTime();
  }
}
