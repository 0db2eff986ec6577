import type { AccountCalls, KlaviyoMetric } from '../klaviyo/account-calls.ts';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';

/** Events sent with a private key belong to this integration, whatever other integrations call theirs. */
const API_INTEGRATION = 'API';

/**
 * Klaviyo's ids of our metrics. A metric comes into being with its first event, and its id never changes; Klaviyo does
 * not look one up by name, so all are listed.
 */
export class MetricIds {
  readonly #known = new Map<string, string>();

  constructor(
    private readonly calls: Pick<AccountCalls, 'listMetrics'>,
    private readonly limiter: AccountLimiter,
  ) {}

  /**
   * The ids of those that Klaviyo knows. It is asked when one is missing, so what is missing from the answer does not
   * exist as of now. Throws RetryableError when it cannot be asked.
   */
  async idsOf(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (names.some((name) => !this.#known.has(name))) await this.#learn();
    return this.#known;
  }

  async #learn(): Promise<void> {
    const permit = await this.limiter.wait('metrics_read');
    const result = await attempt(this.limiter, 'metrics_read', () => this.calls.listMetrics());
    if (!result.ok) {
      if (result.failure.kind === 'throttled') await this.limiter.freeze(permit, result.failure.retryAfterMs);
      throw pauseFor(result.failure);
    }
    for (const [name, id] of ourMetrics(result.value)) this.#known.set(name, id);
  }
}

/** A metric is a name and an integration: `Placed Order` of a shop system is not ours. */
export function ourMetrics(metrics: readonly KlaviyoMetric[]): ReadonlyMap<string, string> {
  const ours = metrics.filter(({ integration }) => integration === null || integration === API_INTEGRATION);
  return new Map(ours.map(({ name, id }) => [name, id]));
}
