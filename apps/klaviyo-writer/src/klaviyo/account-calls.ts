import { AccountsApi, MetricsApi } from 'klaviyo-api';
import { readAccounts, readAggregates, readMetrics } from './answers.ts';
import { cursorOf } from './page-cursor.ts';
import type { KlaviyoSession } from './klaviyo-session.ts';

export interface KlaviyoMetric {
  readonly id: string;
  readonly name: string;
  /** Name of the integration that it belongs to; null when Klaviyo says none. */
  readonly integration: string | null;
}

export interface KlaviyoAccount {
  readonly currency: string | null;
  readonly timezone: string | null;
}

/** What Klaviyo counts of a metric on a day (UTC). */
export interface MetricDay {
  /** `2026-11-20` */
  readonly day: string;
  readonly count: number;
  readonly sum: number;
}

/** Calls about the account as a whole. Every method throws KlaviyoCallError when Klaviyo does not answer or refuses. */
export class AccountCalls {
  readonly #metrics: MetricsApi;
  readonly #accounts: AccountsApi;

  constructor(session: KlaviyoSession, basePath: string) {
    this.#metrics = new MetricsApi(session);
    this.#accounts = new AccountsApi(session);
    for (const api of [this.#metrics, this.#accounts]) api.basePath = basePath;
  }

  async listMetrics(): Promise<readonly KlaviyoMetric[]> {
    const metrics: KlaviyoMetric[] = [];
    let cursor: string | null = null;
    do {
      const { response } = await this.#metrics.getMetrics(cursor === null ? {} : { pageCursor: cursor });
      const body = readMetrics(response.data);
      for (const { id, attributes } of body.data) {
        const { name, integration } = attributes;
        metrics.push({
          id,
          name: name ?? '',
          integration: typeof integration?.name === 'string' ? integration.name : null,
        });
      }
      cursor = cursorOf(body.links?.next);
    } while (cursor !== null);
    return metrics;
  }

  /** Needs the scope accounts:read, which delivery itself does without. */
  async readAccount(): Promise<KlaviyoAccount> {
    const { response } = await this.#accounts.getAccounts({
      fieldsAccount: ['preferred_currency', 'timezone'],
    });
    const attributes = readAccounts(response.data).data[0]?.attributes;
    return { currency: attributes?.preferred_currency ?? null, timezone: attributes?.timezone ?? null };
  }

  /**
   * Klaviyo's own count and sum of a metric per day in UTC. Both ends are dates; `toDay` is not included, and at most a
   * year lies between them.
   */
  async countByDay(metricId: string, fromDay: string, toDay: string): Promise<readonly MetricDay[]> {
    const { response } = await this.#metrics.queryMetricAggregates({
      data: {
        type: 'metric-aggregate',
        attributes: {
          metricId,
          measurements: ['count', 'sum_value'],
          interval: 'day',
          timezone: 'UTC',
          filter: [`greater-or-equal(datetime,${fromDay}T00:00:00)`, `less-than(datetime,${toDay}T00:00:00)`],
        },
      },
    });
    const { dates, data } = readAggregates(response.data).data.attributes;
    return dates.map((date, index) => {
      const sumOf = (name: 'count' | 'sum_value'): number =>
        data.reduce((sum, { measurements }) => sum + (measurements[name]?.[index] ?? 0), 0);
      return { day: date.slice(0, 10), count: sumOf('count'), sum: sumOf('sum_value') };
    });
  }
}
