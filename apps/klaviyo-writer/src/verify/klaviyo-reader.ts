import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { EventPage, EventQuery, KlaviyoClient } from '../klaviyo/klaviyo-client.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import { writerMetrics } from '../writer.metrics.ts';
import type { MetricIds } from './metric-ids.ts';
import { readBack, type ReadBackPort, type ReadBackResult, type Wanted } from './read-back.ts';

/** More pages than this are read in the next round: nothing is held up for long. */
const PAGES_MAX = 200;

/** Reads events back from Klaviyo within the account's quota. Throws RetryableError when Klaviyo cannot be asked. */
export class KlaviyoReader implements ReadBackPort {
  constructor(
    private readonly client: Pick<KlaviyoClient, 'listEvents'>,
    private readonly limiter: AccountLimiter,
    private readonly metricIds: MetricIds,
  ) {}

  find(wanted: readonly Wanted[]): Promise<ReadBackResult> {
    return readBack(wanted, this, PAGES_MAX);
  }

  idsOf(metrics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.metricIds.idsOf(metrics);
  }

  async page(query: EventQuery): Promise<EventPage> {
    const permit = await this.limiter.wait('events_read');
    const result = await attempt(this.limiter, 'events_read', () => this.client.listEvents(query));
    if (!result.ok) {
      if (result.failure.kind === 'throttled') await this.limiter.freeze(permit, result.failure.retryAfterMs);
      throw pauseFor(result.failure);
    }
    writerMetrics.readBackPages.inc();
    return result.value;
  }
}
