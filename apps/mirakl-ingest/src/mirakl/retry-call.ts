import { backoffMs, type Clock } from '@watertight/service';
import { MiraklError } from './mirakl-errors.ts';

const ATTEMPTS = 3;
const BASE_MS = 500;
const MAX_MS = 5_000;
/** A longer wait is left to the poller, which meanwhile does not hold a scan open. */
const LONGEST_WAIT_MS = 30_000;

export interface RetryContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Makes a call up to three times when it fails for a reason that passes within seconds, obeying `Retry-After`. The
 * last error is thrown as it is; so is any other error, and any once the signal has aborted.
 */
export async function retryCall<T>(
  call: () => Promise<T>,
  { clock, random, signal }: RetryContext,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof MiraklError) || !error.isPassing || attempt >= ATTEMPTS || signal.aborted)
        throw error;
      const waitMs = error.retryAfterMs ?? backoffMs(attempt, { baseMs: BASE_MS, maxMs: MAX_MS, random });
      if (waitMs > LONGEST_WAIT_MS) throw error;
      await clock.sleep(waitMs, signal);
      signal.throwIfAborted();
    }
  }
}
