import { RetryableError } from './errors.ts';
import { serviceMetrics } from './service.metrics.ts';
import { inSpan } from './tracing.ts';

/**
 * Runs one step of a flow and keeps its rate, errors and duration under `step`, such as `mapper.transaction`; a closed
 * list of names, never one per order. It is also a span where tracing is on. Hands on what the step gives or throws.
 */
export async function measureStep<T>(step: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const note = (result: 'ok' | 'retryable' | 'failed'): void =>
    serviceMetrics.stepSeconds.observe({ step, result }, (performance.now() - startedAt) / 1_000);
  try {
    const value = await inSpan(step, {}, work);
    note('ok');
    return value;
  } catch (error) {
    note(error instanceof RetryableError ? 'retryable' : 'failed');
    throw error;
  }
}
