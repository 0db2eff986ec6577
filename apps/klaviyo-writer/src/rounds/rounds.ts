import type { Leases } from '@watertight/postgres';
import { backoffMs, type Clock, type Logger, RetryableError } from '@watertight/service';

export interface Round {
  /** What it does, in a word; also the name of its lease. */
  readonly name: string;
  /** Between the end of a round and the next, in milliseconds. */
  readonly everyMs: number;
  /** True: one replica at a time. False: each replica for itself. */
  readonly alone: boolean;
  /** Resolves with true when there is more to do at once. Throws RetryableError when it cannot be done now. */
  run(): Promise<boolean>;
}

export interface RoundsOptions {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly logger: Logger;
}

const BACKOFF = { baseMs: 1_000, maxMs: 60_000, random: Math.random };
/** An outage is worth a line once it lasts. */
const WARN_FROM_FAILURES = 3;
const FIRST_AFTER_MAX_MS = 1_000;

/** What the writer does by the clock beside what it does by message: each kind of round in a loop of its own. */
export class Rounds {
  readonly #stop = new AbortController();
  #ended: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: RoundsOptions,
    private readonly rounds: readonly Round[],
  ) {}

  start(): void {
    // An unknown error ends the process (unhandled rejection): going on could hide a loss.
    this.#ended = Promise.all(this.rounds.map((round) => this.#loop(round)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #loop(round: Round): Promise<void> {
    const { clock, leases, logger } = this.options;
    const { signal } = this.#stop;
    let failures = 0;
    await clock.sleep(Math.min(FIRST_AFTER_MAX_MS, round.everyMs), signal);
    while (!signal.aborted) {
      let pauseMs = round.everyMs;
      try {
        const mine = !round.alone || (await leases.acquire(round.name));
        const more = mine && (await round.run());
        if (more) pauseMs = 0;
        failures = 0;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        failures += 1;
        pauseMs = Math.max(error.retryAfterMs ?? 0, backoffMs(failures, BACKOFF));
        if (failures === WARN_FROM_FAILURES)
          logger.warn({ event: 'round_paused', round: round.name, err: error }, 'cannot go on for now');
      }
      await clock.sleep(pauseMs, signal);
    }
    if (round.alone) await leases.release(round.name);
  }
}
