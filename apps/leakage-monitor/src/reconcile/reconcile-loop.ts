import { type Clock, type Logger, RetryableError } from '@watertight/service';

const INTERVAL_MS = 5_000;

/** Runs the pass every few seconds until the service drains. The desk is right again after the next one. */
export class ReconcileLoop {
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly pass: () => Promise<void>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#running ??= this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let unavailable = false;
    while (!this.#stopped.signal.aborted) {
      try {
        await this.pass();
        unavailable = false;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        // Once per outage is enough: the consumer pauses and says so too.
        if (!unavailable) this.logger.warn({ event: 'reconcile_delayed', err: error }, 'reconciled later');
        unavailable = true;
      }
      await this.clock.sleep(INTERVAL_MS, this.#stopped.signal);
    }
  }
}
