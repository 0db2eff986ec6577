import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Leases } from '@watertight/postgres';
import { type Clock, exitCodes, LOGGER, type Logger, RetryableError } from '@watertight/service';
import type { CoveragePublisher } from '../coverage/publish-coverage.ts';
import type { Reevaluator } from './reevaluator.ts';

export const BACKGROUND_PARTS = Symbol('BACKGROUND_PARTS');

export interface BackgroundParts {
  readonly reevaluator: Reevaluator;
  readonly coverage: CoveragePublisher;
  readonly leases: Leases;
  readonly clock: Clock;
}

const IDLE_MS = 1_000;
const AFTER_FAILURE_MS = 5_000;
const COVERAGE_INTERVAL_MS = 60_000;
const LEASE = 'background-work';
/** Longer than a page takes. Two replicas at once would do no harm, only the same work twice. */
export const BACKGROUND_LEASE_MS = 60_000;

/** What is not brought by a message: judging again, and saying what fields were seen. One replica at a time does it. */
@Injectable()
export class BackgroundWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #coverageAtMs = 0;

  constructor(
    @Inject(BACKGROUND_PARTS) private readonly parts: BackgroundParts,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.parts.reevaluator.notePolicies();
    this.#running = this.#run().catch((error: unknown) => {
      this.logger.fatal({ event: 'unknown_error', err: error }, 'unknown error, stopping');
      process.exit(exitCodes.unknownError);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const waitMs = await this.#step();
      if (waitMs > 0) await this.#pause(waitMs);
    }
    await this.parts.leases.release(LEASE).catch((error: unknown) => {
      // It ends by itself.
      if (!(error instanceof RetryableError)) throw error;
    });
  }

  /** Returns how long to wait for the next step, in milliseconds. */
  async #step(): Promise<number> {
    const { leases, reevaluator, coverage, clock } = this.parts;
    try {
      if (!(await leases.acquire(LEASE))) return IDLE_MS;
      if (clock.now().getTime() - this.#coverageAtMs >= COVERAGE_INTERVAL_MS) {
        await coverage.publish();
        this.#coverageAtMs = clock.now().getTime();
      }
      return (await reevaluator.runPage()) ? 0 : IDLE_MS;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      this.logger.warn(
        { event: 'background_work_failed', err: error },
        'background work will be tried again',
      );
      return AFTER_FAILURE_MS;
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }
}
