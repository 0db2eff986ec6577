import { type Clock, type Logger, RetryableError } from '@watertight/service';

export interface RepeatedTaskOptions {
  /** For the log. */
  readonly name: string;
  readonly intervalMs: number;
  readonly run: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Does the same thing again and again while the service runs, a fixed pause after each end. While the database is away
 * it waits for it, and says so once. Anything unexpected stops the service: it is a bug.
 */
export class RepeatedTask {
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly options: RepeatedTaskOptions) {}

  onApplicationBootstrap(): void {
    this.#running ??= this.#repeat();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #repeat(): Promise<void> {
    const { name, intervalMs, run, clock, logger } = this.options;
    let unavailable = false;
    while (!this.#stopped.signal.aborted) {
      try {
        await run();
        unavailable = false;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        if (!unavailable)
          logger.warn({ event: 'task_delayed', task: name, err: error }, `${name} is done later`);
        unavailable = true;
      }
      await clock.sleep(intervalMs, this.#stopped.signal);
    }
  }
}
