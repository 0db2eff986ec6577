import { type Clock, type Logger, RetryableError } from '@watertight/service';
import type { LedgerStore } from './ledger.store.ts';

const INTERVAL_MS = 1_000;

/** Keeps the collected changes of the balance few, so that reading it stays fast. The balance is right without it. */
export class DeltaAdder {
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly store: LedgerStore,
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
        await this.store.addUpDeltas();
        unavailable = false;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        // The consumer pauses and says so too; once per outage is enough here.
        if (!unavailable) this.logger.warn({ event: 'sums_delayed', err: error }, 'sums are added up later');
        unavailable = true;
      }
      await this.clock.sleep(INTERVAL_MS, this.#stopped.signal);
    }
  }
}
