import { RetryableError } from '@watertight/service';
import { describeFailure, KlaviyoCallError, type KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import type { LimitedRoute } from '../limiter/quotas.ts';
import { writerMetrics } from '../writer.metrics.ts';

export type CallResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: KlaviyoFailure };

/**
 * Makes a call, sorts what came of it and tells the circuit whether Klaviyo answers. Throws only what is a bug.
 */
export async function attempt<T>(
  limiter: Pick<AccountLimiter, 'circuitOf'>,
  route: LimitedRoute,
  call: () => Promise<T>,
): Promise<CallResult<T>> {
  const circuit = limiter.circuitOf(route);
  const end = writerMetrics.requestSeconds.startTimer({ route });
  try {
    const value = await call();
    writerMetrics.requests.inc({ route, result: 'ok' });
    circuit.answered();
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof KlaviyoCallError)) throw error;
    const { failure } = error;
    writerMetrics.requests.inc({ route, result: failure.kind });
    if (failure.kind === 'rejected' || failure.kind === 'throttled') circuit.answered();
    else circuit.failed(failure);
    return { ok: false, failure };
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
