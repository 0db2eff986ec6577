import type { Database } from '@watertight/postgres';
import type { LimitedRoute } from '../limiter/quotas.ts';

export interface RouteUse {
  readonly route: LimitedRoute;
  /** Requests in the last full minute. */
  readonly used: number;
}

export interface DeliveredDay {
  readonly metric: string;
  /** UTC, `2026-11-20`. */
  readonly day: string;
  readonly events: number;
  readonly value: number;
}

export interface CountedDay extends DeliveredDay {
  readonly klaviyoEvents: number;
  readonly klaviyoValue: number;
}

/** What the tables say of delivery as a whole. */
export class AccountStore {
  constructor(private readonly database: Database) {}

  async routeUse(): Promise<readonly RouteUse[]> {
    return this.database.query<RouteUse>(
      `select route, (case
         when minute = date_trunc('minute', clock_timestamp()) then used_before
         when minute = date_trunc('minute', clock_timestamp()) - interval '1 minute' then used
         else 0 end)::int as used
       from account_limit order by route`,
    );
  }

  /** Until when Klaviyo asked to wait; null when it does not ask now. */
  async frozenUntil(): Promise<Date | null> {
    const [row] = await this.database.query<{ until: Date | null }>(
      'select max(frozen_until) as until from account_limit where frozen_until > clock_timestamp()',
    );
    return row?.until ?? null;
  }

  async openCounts(): Promise<{ readonly inDoubt: number; readonly awaitingReadBack: number }> {
    const [row] = await this.database.query<{ in_doubt: number; awaiting: number }>(
      `select (select count(*) from delivery where state = 'in_doubt')::int as in_doubt,
         (select count(*) from delivery where look_at is not null)::int as awaiting`,
    );
    return { inDoubt: row?.in_doubt ?? 0, awaitingReadBack: row?.awaiting ?? 0 };
  }

  /** Buyers of whom the first event left on this day (UTC) and in its month. */
  async newProfiles(now: Date): Promise<{ readonly today: number; readonly thisMonth: number }> {
    const [row] = await this.database.query<{ today: number; this_month: number }>(
      `select count(*) filter (where first_at >= date_trunc('day', $1::timestamptz, 'UTC'))::int as today,
         count(*)::int as this_month
       from profile_sent where first_at >= date_trunc('month', $1::timestamptz, 'UTC')`,
      [now],
    );
    return { today: row?.today ?? 0, thisMonth: row?.this_month ?? 0 };
  }

  /** What has been accepted or read back, by metric and day of the event. */
  async deliveredByDay(): Promise<readonly DeliveredDay[]> {
    const rows = await this.database.query<{ metric: string; day: string; events: string; value: string }>(
      `select metric, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as events,
         coalesce(sum(value), 0) as value
       from delivery where state in ('accepted', 'verified') group by 1, 2 order by 1, 2`,
    );
    return rows.map(({ metric, day, events, value }) => ({
      metric,
      day,
      events: Number(events),
      value: Number(value),
    }));
  }

  /** Writes the counts down; returns those that are not as they were said last. */
  async noteCounts(days: readonly CountedDay[]): Promise<readonly CountedDay[]> {
    if (days.length === 0) return [];
    const changed = await this.database.query<{ metric: string; day: string }>(
      `insert into metric_count as t
         (metric, day, klaviyo_events, klaviyo_value, delivered_events, delivered_value)
       select metric, day, "klaviyoEvents", "klaviyoValue", events, value
       from json_to_recordset($1::json) as r
         (metric text, day date, "klaviyoEvents" bigint, "klaviyoValue" numeric, events bigint, value numeric)
       order by metric, day
       on conflict (metric, day) do update set klaviyo_events = excluded.klaviyo_events,
         klaviyo_value = excluded.klaviyo_value, delivered_events = excluded.delivered_events,
         delivered_value = excluded.delivered_value
       where (t.klaviyo_events, t.klaviyo_value, t.delivered_events, t.delivered_value) is distinct from
         (excluded.klaviyo_events, excluded.klaviyo_value, excluded.delivered_events, excluded.delivered_value)
       returning metric, to_char(day, 'YYYY-MM-DD') as day`,
      [JSON.stringify(days)],
    );
    const keys = new Set(changed.map(({ metric, day }) => `${day} ${metric}`));
    return days.filter(({ metric, day }) => keys.has(`${day} ${metric}`));
  }
}
