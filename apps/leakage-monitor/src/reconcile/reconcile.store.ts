import {
  type DayCount,
  type Finding,
  type MarketplaceSettings,
  type MetricCount,
  orderIdOf,
  type UnknownValue,
} from '@watertight/contracts';
import type { Database, Queryable } from '@watertight/postgres';
import type { CountedDay } from './causes-of-sources.ts';

const MISSING_MAX = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Older counts have been judged; a sweep that looks again says them anew. */
const DAY_COUNT_AGE_MS = 3 * DAY_MS;
const METRIC_AGE_DAYS = 35;

/** Reads what the ledger is held against. */
export class ReconcileStore {
  constructor(private readonly database: Database) {}

  /** Per marketplace the numbers of orders that Mirakl shows and that were not captured; at most a hundred in all. */
  async missing(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.database.query<{ order_key: string; marketplace_id: string }>(
      `select order_key, marketplace_id from ledger_order
       where in_source and bucket is null order by order_key limit ${MISSING_MAX}`,
    );
    const byMarketplace = new Map<string, string[]>();
    for (const { order_key: key, marketplace_id: id } of rows) {
      byMarketplace.set(id, [...(byMarketplace.get(id) ?? []), orderIdOf(key)]);
    }
    return byMarketplace;
  }

  /** Mirakl's newest counts of days, each beside what the ledger has between the same instants. */
  async countedDays(now: Date): Promise<CountedDay[]> {
    const rows = await this.database.query<{ body: DayCount; captured: number; missing: string[] | null }>(
      `select w.body, held.captured, held.missing
       from stage_word w
       cross join lateral (
         select (count(*) filter (where o.bucket is not null))::int as captured,
                (array_agg(o.order_id order by o.order_id) filter (where o.bucket is null)) [1:${MISSING_MAX}] as missing
         from ledger_order o
         where o.marketplace_id = w.marketplace_id
           and o.created_at between (w.body ->> 'since')::timestamptz and (w.body ->> 'until')::timestamptz
       ) as held
       where w.kind = 'day_count' and w.at > $1::timestamptz and (w.body ->> 'orders')::int <> held.captured`,
      [new Date(now.getTime() - DAY_COUNT_AGE_MS).toISOString()],
    );
    return rows.map(({ body, captured, missing }) => ({
      marketplaceId: body.marketplaceId,
      day: body.since.slice(0, 10),
      at: body.at,
      counted: body.orders,
      captured,
      missing: missing ?? [],
    }));
  }

  async findings(): Promise<Finding[]> {
    return bodiesOf<Finding>(
      this.database,
      `select body from stage_word where kind = 'finding' and body ->> 'result' = 'problem' order by subject`,
    );
  }

  async unknownValues(): Promise<UnknownValue[]> {
    return bodiesOf<UnknownValue>(
      this.database,
      `select body from stage_word where kind = 'unknown_value' order by subject limit 1000`,
    );
  }

  async metricCounts(now: Date): Promise<MetricCount[]> {
    return bodiesOf<MetricCount>(
      this.database,
      `select body from stage_word
       where kind = 'metric_count' and at > $1::timestamptz and body ->> 'klaviyoEvents' <> body ->> 'deliveredEvents'
       order by subject`,
      [new Date(now.getTime() - METRIC_AGE_DAYS * DAY_MS).toISOString()],
    );
  }

  /** Orders that Klaviyo accepted and that were not read back yet, of those ordered on a day. */
  async unverifiedOf(day: string, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ order_key: string }>(
      `select order_key from ledger_order
       where bucket = 'in_flight' and reason = 'klaviyo.accepted'
         and created_at >= $1::date and created_at < $1::date + 1
       order by order_key limit $2`,
      [day, limit],
    );
    return rows.map((row) => row.order_key);
  }
}

async function bodiesOf<T>(
  target: Queryable,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<T[]> {
  const rows = await target.query<{ body: T }>(sql, parameters);
  return rows.map(({ body }) => body);
}

export interface ChangedSettings {
  readonly before: MarketplaceSettings;
  readonly now: MarketplaceSettings;
}

/** The marketplaces whose settings are not those that were known; from now on the new ones are. */
export async function takeChangedSettings(target: Queryable): Promise<ChangedSettings[]> {
  await target.execute(
    `insert into settings_known (marketplace_id, at, body)
     select marketplace_id, at, body from stage_word where kind = 'marketplace_settings' order by marketplace_id
     on conflict do nothing`,
  );
  const rows = await target.query<{ before: MarketplaceSettings; now: MarketplaceSettings }>(
    `select k.body as before, w.body as now
     from settings_known k
     join stage_word w on w.kind = 'marketplace_settings' and w.marketplace_id = k.marketplace_id
     where w.at > k.at order by k.marketplace_id for update of k`,
  );
  await target.execute(
    `update settings_known k set at = w.at, body = w.body from stage_word w
     where w.kind = 'marketplace_settings' and w.marketplace_id = k.marketplace_id and w.at > k.at
       and k.marketplace_id = any($1::text[])`,
    [rows.map(({ now }) => now.marketplaceId)],
  );
  return rows;
}
