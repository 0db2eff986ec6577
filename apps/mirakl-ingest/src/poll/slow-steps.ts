import type { Logger } from '@watertight/service';
import { ingestMetrics } from '../ingest.metrics.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';

/** Work on a marketplace that is done between two polls, a little at a time. */
export interface SlowStep {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/**
 * Runs the slow steps after a good poll. One that the marketplace does not answer is logged when it begins and ends to
 * fail, and tried again after the next poll; it neither makes the poll a failed one nor keeps back the other steps.
 * Errors of our own parts are thrown on.
 */
export class SlowSteps {
  readonly #failing = new Set<string>();

  constructor(
    private readonly marketplaceId: string,
    private readonly steps: readonly SlowStep[],
    private readonly logger: Logger,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    for (const { name, run } of this.steps) {
      try {
        await run(signal);
        this.#note(name, null);
      } catch (error) {
        if (!(error instanceof MiraklError)) throw error;
        this.#note(name, error);
      }
      signal.throwIfAborted();
    }
  }

  #note(step: string, failure: MiraklError | null): void {
    const marketplace = this.marketplaceId;
    ingestMetrics.slowSteps.inc({ marketplace, step, result: failure?.kind ?? 'ok' });
    if ((failure !== null) === this.#failing.has(step)) return;
    if (failure === null) {
      this.#failing.delete(step);
      this.logger.info(
        { event: 'slow_step_works_again', marketplace, step },
        `${marketplace}: ${step} works again`,
      );
    } else {
      this.#failing.add(step);
      this.logger.warn({ event: 'slow_step_failed', marketplace, step, kind: failure.kind }, failure.message);
    }
  }
}
