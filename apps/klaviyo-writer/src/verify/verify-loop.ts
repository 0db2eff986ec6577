import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Leases } from '@watertight/postgres';
import { backoffMs, type Clock, type Logger, RetryableError } from '@watertight/service';
import type { VerifyAccepted } from './verify-accepted.ts';

export interface VerifyLoopOptions {
  readonly verify: VerifyAccepted;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Pause between two rounds when nothing is due, in milliseconds. */
  readonly idleMs: number;
}

const LEASE = 'verify';
const BACKOFF = { baseMs: 1_000, maxMs: 60_000, random: Math.random };
const PAUSE_MAX_MS = 5_000;
/** An outage is worth a line once it lasts. */
const WARN_FROM_FAILURES = 3;

/** Verifies round after round, in one replica at a time. */
export class VerifyLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: VerifyLoopOptions) {}

  onApplicationBootstrap(): void {
    // An unknown error ends the process (unhandled rejection): going on could hide a loss.
    this.#ended = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { clock, leases, idleMs } = this.options;
    const { signal } = this.#stop;
    let failures = 0;
    while (!signal.aborted) {
      let pauseMs = idleMs;
      const startedAtMs = clock.now().getTime();
      try {
        const more = await this.#round();
        // As long again as the round took: meanwhile more becomes due, and a page answers for more of it.
        const tookMs = Math.min(clock.now().getTime() - startedAtMs, PAUSE_MAX_MS);
        pauseMs = more ? tookMs : Math.max(idleMs, tookMs);
        failures = 0;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        failures += 1;
        pauseMs = Math.max(error.retryAfterMs ?? 0, backoffMs(failures, BACKOFF));
        this.#report(failures, error);
      }
      await clock.sleep(pauseMs, signal);
    }
    await leases.release(LEASE);
  }

  async #round(): Promise<boolean> {
    const { leases, verify } = this.options;
    return (await leases.acquire(LEASE)) && (await verify.round());
  }

  #report(failures: number, error: RetryableError): void {
    if (failures !== WARN_FROM_FAILURES) return;
    this.options.logger.warn(
      { event: 'verify_paused', err: error },
      'accepted events cannot be read back for now',
    );
  }
}
