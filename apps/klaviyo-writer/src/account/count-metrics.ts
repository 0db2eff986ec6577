import type { MetricCount } from '@watertight/contracts';
import type { Clock } from '@watertight/service';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { SayWords } from '../delivery/say-words.ts';
import type { AccountCalls, MetricDay } from '../klaviyo/account-calls.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import type { MetricIds } from '../verify/metric-ids.ts';
import type { AccountStore, CountedDay, DeliveredDay } from './account.store.ts';
import { type DaySpan, planSpans } from './plan-spans.ts';

export interface CountMetricsOptions {
  readonly store: AccountStore;
  readonly words: SayWords;
  readonly calls: Pick<AccountCalls, 'countByDay'>;
  readonly limiter: AccountLimiter;
  readonly metricIds: MetricIds;
  readonly clock: Clock;
}

/**
 * Holds Klaviyo's own count and sum of each metric against the delivery ledger, day by day. A year of a metric is one
 * call, so this costs next to nothing.
 */
export class CountMetrics {
  constructor(private readonly options: CountMetricsOptions) {}

  /** Says the days that are not as they were said last. Throws RetryableError when Klaviyo cannot be asked. */
  async round(): Promise<boolean> {
    const { store, words, clock, metricIds } = this.options;
    const delivered = Map.groupBy(await store.deliveredByDay(), ({ metric }) => metric);
    const ids = await metricIds.idsOf([...delivered.keys()]);
    for (const [metric, days] of delivered) {
      const metricId = ids.get(metric);
      const counted = metricId === undefined ? [] : await this.#count(metricId, days);
      const changed = await store.noteCounts(beside(days, counted));
      await words.say(changed.map((day) => wordOf(day, clock.now())));
    }
    return false;
  }

  async #count(metricId: string, days: readonly DeliveredDay[]): Promise<readonly MetricDay[]> {
    const counted: MetricDay[] = [];
    for (const span of planSpans(days.map(({ day }) => day)))
      counted.push(...(await this.#ask(metricId, span)));
    return counted;
  }

  async #ask(metricId: string, { fromDay, toDay }: DaySpan): Promise<readonly MetricDay[]> {
    const { limiter, calls } = this.options;
    const permit = await limiter.wait('aggregates');
    const result = await attempt(limiter, 'aggregates', () => calls.countByDay(metricId, fromDay, toDay));
    if (result.ok) return result.value;
    if (result.failure.kind === 'throttled') await limiter.freeze(permit, result.failure.retryAfterMs);
    throw pauseFor(result.failure);
  }
}

function beside(days: readonly DeliveredDay[], counted: readonly MetricDay[]): readonly CountedDay[] {
  const byDay = new Map(counted.map((one) => [one.day, one]));
  return days.map((day) => ({
    ...day,
    klaviyoEvents: byDay.get(day.day)?.count ?? 0,
    klaviyoValue: byDay.get(day.day)?.sum ?? 0,
  }));
}

function wordOf(counted: CountedDay, now: Date): MetricCount {
  const { metric, day, events, value, klaviyoEvents, klaviyoValue } = counted;
  return {
    kind: 'metric_count',
    outcomeId: `metric_count:${metric}:${day}`,
    at: now.toISOString(),
    metric,
    day,
    klaviyoEvents,
    klaviyoValue,
    deliveredEvents: events,
    deliveredValue: value,
  };
}
