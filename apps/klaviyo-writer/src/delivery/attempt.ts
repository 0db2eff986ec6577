import { RetryableError } from '@watertight/service';
import { describeFailure, KlaviyoCallError, type KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';
import type { LimitedRoute } from '../limiter/quotas.ts';
import { writerMetrics } from '../writer.metrics.ts';

export type CallResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: KlaviyoFailure };

/** Makes a call and sorts what came of it. Throws only what is a bug. */
export async function attempt<T>(route: LimitedRoute, call: () => Promise<T>): Promise<CallResult<T>> {
  const end = writerMetrics.requestSeconds.startTimer({ route });
  try {
    const value = await call();
    writerMetrics.requests.inc({ route, result: 'ok' });
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof KlaviyoCallError)) throw error;
    writerMetrics.requests.inc({ route, result: error.failure.kind });
    return { ok: false, failure: error.failure };
  } finally {
    end();
  }
}

/** The error with which a lane pauses after this failure. */
export function pauseFor(failure: KlaviyoFailure): RetryableError {
  const options = failure.kind === 'throttled' ? { retryAfterMs: failure.retryAfterMs } : {};
  return new RetryableError(describeFailure(failure), options);
}

const INSIST_TIMES = 5;

/**
 * Klaviyo has answered, and the ledger must say so: without it the event counts as in doubt and costs another request.
 * So a database that stumbles is asked a few times more.
 */
export async function insist(write: () => Promise<void>): Promise<void> {
  for (let time = 1; ; time += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof RetryableError) || time >= INSIST_TIMES) throw error;
    }
  }
}
