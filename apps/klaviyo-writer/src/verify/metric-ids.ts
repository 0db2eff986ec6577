import { type Clock } from '@watertight/service';
import type { KlaviyoClient, KlaviyoMetric } from '../klaviyo/klaviyo-client.ts';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';

/** Events sent with a private key belong to this integration, whatever other integrations call theirs. */
const API_INTEGRATION = 'API';
/** A metric that is not there yet is asked for again after this, in milliseconds. */
const ASK_AGAIN_MS = 2_000;

/**
 * Klaviyo's ids of our metrics. A metric comes into being with its first event, and its id never changes; Klaviyo does
 * not look one up by name, so all are listed.
 */
export class MetricIds {
  readonly #known = new Map<string, string>();
  #askedAtMs = 0;

  constructor(
    private readonly client: Pick<KlaviyoClient, 'listMetrics'>,
    private readonly limiter: AccountLimiter,
    private readonly clock: Clock,
  ) {}

  /** The id, or undefined while Klaviyo does not know the metric. Throws RetryableError when it cannot be asked. */
  async idOf(name: string): Promise<string | undefined> {
    const nowMs = this.clock.now().getTime();
    if (!this.#known.has(name) && nowMs - this.#askedAtMs >= ASK_AGAIN_MS) {
      this.#askedAtMs = nowMs;
      await this.#learn();
    }
    return this.#known.get(name);
  }

  async #learn(): Promise<void> {
    const permit = await this.limiter.wait('metrics_read');
    const result = await attempt('metrics_read', () => this.client.listMetrics());
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
