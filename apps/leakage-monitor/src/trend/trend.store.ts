import { BUCKETS, type Bucket } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import { splitWindow } from '../balance/plan-windows.ts';
import type { BalanceWindow } from '../ledger/balance.ts';
import type { AmountPart } from './sum-amounts.ts';

export interface BucketPart extends AmountPart {
  readonly bucket: Bucket;
}

export interface WeekPart extends BucketPart {
  /** Monday, `YYYY-MM-DD`. */
  readonly monday: string;
}

export interface FlowPart extends BucketPart {
  readonly marketplaceId: string;
  /** Empty while nobody has judged the contact. */
  readonly contactClass: string;
}

export interface RecoveredPart extends AmountPart {
  readonly monday: string;
}

interface Row {
  readonly monday: string;
  readonly marketplace_id: string;
  readonly contact_class: string;
  readonly kind: string;
  readonly currency: string;
  readonly orders: string;
  readonly minor: string;
  readonly unknown_money: string;
}

const SUMS = `sum(orders)::text as orders, sum(minor)::text as minor, sum(unknown_money)::text as unknown_money`;

/** Reads the sums of the balance by week, and by contact class. */
export class TrendStore {
  constructor(private readonly database: Database) {}

  /** By week (UTC) of creation. `marketplaceId` null is all of them; both days are included. */
  async weeks(marketplaceId: string | null, fromDay: string, toDay: string): Promise<WeekPart[]> {
    const rows = await this.database.query<Row>(
      `select to_char(date_trunc('week', day), 'YYYY-MM-DD') as monday, kind, currency, ${SUMS}
       from (
         select marketplace_id, day, kind, currency, orders, minor, unknown_money from balance_day
         union all
         select marketplace_id, day, kind, currency, orders, minor, unknown_money from balance_delta
       ) as sums
       where day between $2::date and $3::date and kind <> 'source' and ($1::text is null or marketplace_id = $1)
       group by 1, 2, 3 having sum(orders) <> 0 or sum(minor) <> 0`,
      [marketplaceId, fromDay, toDay],
    );
    return rows.flatMap((row) => bucketPartsOf(row).map((part) => ({ ...part, monday: row.monday })));
  }

  /**
   * Orders that were failed, withheld or without a usable contact before they were verified, by the week (UTC) of
   * that. Told by their stories, so a rebuilt ledger says the same.
   */
  async recovered(marketplaceId: string | null, from: string, to: string): Promise<RecoveredPart[]> {
    const rows = await this.database.query<Row>(
      `select to_char(date_trunc('week', o.since at time zone 'UTC'), 'YYYY-MM-DD') as monday,
              coalesce(o.currency, '') as currency, count(*)::text as orders,
              coalesce(sum(o.amount_minor), 0)::text as minor,
              (count(*) filter (where o.amount_minor is null))::text as unknown_money
       from (
         select distinct order_key from timeline_entry
         where entry ->> 'what' in ('uncaptured', 'withheld', 'failed')
       ) as lost
       join ledger_order o on o.order_key = lost.order_key
       where o.bucket = 'verified' and o.since between $2::timestamptz and $3::timestamptz
         and ($1::text is null or o.marketplace_id = $1)
       group by 1, 2`,
      [marketplaceId, from, to],
    );
    return rows.map((row) => ({ ...amountPartOf(row), monday: row.monday }));
  }

  /** Where the orders of the windows went, from the same sums as the balance. */
  async flow(windows: readonly BalanceWindow[]): Promise<FlowPart[]> {
    const parts = windows.map(splitWindow);
    const edges = parts.flatMap(({ marketplaceId, edges: cuts }) =>
      cuts.map(({ from, to }) => ({ marketplaceId, from, to })),
    );
    const rows = await this.database.query<Row>(FLOW, [JSON.stringify(parts), JSON.stringify(edges)]);
    return rows.flatMap((row) =>
      bucketPartsOf(row).map((part) => ({
        ...part,
        marketplaceId: row.marketplace_id,
        contactClass: row.contact_class,
      })),
    );
  }
}

const FLOW = `
  with part as (
    select * from json_to_recordset($1::json) as p ("marketplaceId" text, "dayFrom" date, "dayTo" date)
  ),
  edge as (
    select * from json_to_recordset($2::json) as e ("marketplaceId" text, "from" timestamptz, "to" timestamptz)
  ),
  day_sum as (
    select marketplace_id, day, kind, currency, contact_class, orders, minor, unknown_money from balance_day
    union all
    select marketplace_id, day, kind, currency, contact_class, orders, minor, unknown_money from balance_delta
  ),
  flowing as (
    select s.marketplace_id, s.contact_class, s.kind, s.currency, s.orders, s.minor, s.unknown_money
    from part p
    join day_sum s on s.marketplace_id = p."marketplaceId" and s.day >= p."dayFrom" and s.day < p."dayTo"
    where s.kind <> 'source'
    union all
    select o.marketplace_id, coalesce(o.contact_class, ''), o.bucket, coalesce(o.currency, ''), 1,
           coalesce(o.amount_minor, 0), case when o.amount_minor is null then 1 else 0 end
    from edge e
    cross join lateral (
      select * from ledger_order
      where marketplace_id = e."marketplaceId" and created_at between e."from" and e."to" and bucket is not null
      -- Keeps the planner on the index of each narrow range, see balance.store.
      offset 0
    ) as o
  )
  select marketplace_id, contact_class, kind, currency, ${SUMS}
  from flowing group by 1, 2, 3, 4 having sum(orders) <> 0 or sum(minor) <> 0
  order by 1, 2, 3, 4`;

function bucketPartsOf(row: Row): BucketPart[] {
  const bucket = BUCKETS.find((one) => one === row.kind);
  return bucket === undefined ? [] : [{ ...amountPartOf(row), bucket }];
}

function amountPartOf(row: Row): AmountPart {
  return {
    currency: row.currency,
    orders: Number(row.orders),
    minor: Number(row.minor),
    unknownMoney: Number(row.unknown_money),
  };
}
