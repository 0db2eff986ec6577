import { BUCKETS, type Bucket } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';

/** A month of a marketplace: orders created from `from` and before `before`. */
export interface FinanceWindow {
  readonly marketplaceId: string;
  readonly month: string;
  readonly from: string;
  readonly before: string;
}

/** Orders of one window, currency, bucket and reason, added up. Amounts in minor units. */
export interface FinanceSum {
  readonly marketplaceId: string;
  readonly month: string;
  /** Empty for orders whose currency is unknown. */
  readonly currency: string;
  readonly bucket: Bucket;
  readonly reason: string | null;
  readonly orders: number;
  readonly unknownMoney: number;
  readonly sales: number;
  readonly cancelations: number;
  readonly refunds: number;
  readonly withoutTax: number;
  readonly withoutTaxUnknown: number;
}

export interface BookedSum {
  readonly marketplaceId: string;
  readonly month: string;
  readonly currency: string;
  readonly refunds: number;
}

export interface FinanceOrderRow {
  readonly order_key: string;
  readonly order_id: string;
  readonly created_at: Date;
  readonly order_state: string | null;
  readonly bucket: string;
  readonly reason: string | null;
  readonly currency: string | null;
  readonly sales: string | null;
  readonly amount: string | null;
  readonly refunds: string;
  readonly without_tax: string | null;
}

interface SumRow {
  readonly marketplace_id: string;
  readonly month: string;
  readonly currency: string;
  readonly bucket: string;
  readonly reason: string | null;
  readonly orders: string;
  readonly unknown_money: string;
  readonly sales: string;
  readonly cancelations: string;
  readonly refunds: string;
  readonly without_tax: string;
  readonly without_tax_unknown: string;
}

export interface FinanceOrderFilter {
  readonly window: FinanceWindow;
  readonly currency: string | undefined;
  readonly bucket: string | undefined;
  readonly after: { readonly createdAt: string; readonly orderKey: string } | undefined;
  readonly limit: number;
}

/** A refund in another currency than its order is in no sum: the ledger would add unlike to unlike. */
const REFUNDED = `
  select order_key, currency, sum(amount_minor) as minor from ledger_refund
  where kind = 'refund' and final and amount_minor is not null group by order_key, currency`;

/** Reads orders and refunds as finance sees them. */
export class FinanceStore {
  constructor(private readonly database: Database) {}

  async sums(windows: readonly FinanceWindow[]): Promise<FinanceSum[]> {
    const rows = await this.database.query<SumRow>(SUMS, [JSON.stringify(windows)]);
    return rows.flatMap((row) => {
      const bucket = BUCKETS.find((one) => one === row.bucket);
      if (bucket === undefined) return [];
      return [
        {
          marketplaceId: row.marketplace_id,
          month: row.month,
          currency: row.currency,
          bucket,
          reason: row.reason,
          orders: Number(row.orders),
          unknownMoney: Number(row.unknown_money),
          sales: Number(row.sales),
          cancelations: Number(row.cancelations),
          refunds: Number(row.refunds),
          withoutTax: Number(row.without_tax),
          withoutTaxUnknown: Number(row.without_tax_unknown),
        },
      ];
    });
  }

  /** Refunds by when they were completed. */
  async booked(windows: readonly FinanceWindow[]): Promise<BookedSum[]> {
    const rows = await this.database.query<{
      marketplace_id: string;
      month: string;
      currency: string;
      refunds: string;
    }>(
      `select w."marketplaceId" as marketplace_id, w.month, r.currency, sum(r.amount_minor)::text as refunds
       from json_to_recordset($1::json) as w ("marketplaceId" text, month text, "from" timestamptz, before timestamptz)
       join ledger_refund r on r.marketplace_id = w."marketplaceId"
         and coalesce(r.completed_at, r.created_at) >= w."from" and coalesce(r.completed_at, r.created_at) < w.before
       where r.kind = 'refund' and r.final and r.amount_minor is not null
       group by 1, 2, 3`,
      [JSON.stringify(windows)],
    );
    return rows.map((row) => ({
      marketplaceId: row.marketplace_id,
      month: row.month,
      currency: row.currency,
      refunds: Number(row.refunds),
    }));
  }

  /** Newest first. */
  async orders({ window, currency, bucket, after, limit }: FinanceOrderFilter): Promise<FinanceOrderRow[]> {
    return this.database.query<FinanceOrderRow>(
      `select o.order_key, o.order_id, o.created_at, o.order_state, o.bucket, o.reason,
              coalesce(o.currency, s.currency) as currency, coalesce(s.ordered_minor, o.amount_minor)::text as sales,
              o.amount_minor::text as amount, coalesce(r.minor, 0)::text as refunds,
              s.without_tax_minor::text as without_tax
       from ledger_order o
       left join sales_amount s on s.order_key = o.order_key
       left join lateral (
         select sum(amount_minor) as minor from ledger_refund
         where order_key = o.order_key and kind = 'refund' and final and currency = o.currency
       ) as r on true
       where o.marketplace_id = $1 and o.created_at >= $2::timestamptz and o.created_at < $3::timestamptz
         and o.bucket is not null and ($4::text is null or o.currency = $4) and ($5::text is null or o.bucket = $5)
         and ($6::timestamptz is null or (o.created_at, o.order_key) < ($6::timestamptz, $7::text))
       order by o.created_at desc, o.order_key desc limit $8`,
      [
        window.marketplaceId,
        window.from,
        window.before,
        currency ?? null,
        bucket ?? null,
        after?.createdAt ?? null,
        after?.orderKey ?? null,
        limit,
      ],
    );
  }
}

const SUMS = `
  with asked as (
    select * from json_to_recordset($1::json)
      as w ("marketplaceId" text, month text, "from" timestamptz, before timestamptz)
  ),
  sold as (
    select w."marketplaceId" as marketplace_id, w.month, o.order_key, o.bucket, o.reason,
           coalesce(o.currency, '') as currency, o.amount_minor as amount,
           coalesce(s.ordered_minor, o.amount_minor) as ordered, s.without_tax_minor as without_tax
    from asked w
    join ledger_order o on o.marketplace_id = w."marketplaceId" and o.created_at >= w."from" and o.created_at < w.before
    left join sales_amount s on s.order_key = o.order_key
    where o.bucket is not null
  )
  select sold.marketplace_id, sold.month, sold.currency, sold.bucket, sold.reason, count(*)::text as orders,
         (count(*) filter (where amount is null))::text as unknown_money,
         coalesce(sum(ordered) filter (where amount is not null), 0)::text as sales,
         coalesce(sum(ordered - amount), 0)::text as cancelations,
         coalesce(sum(refunded.minor) filter (where amount is not null), 0)::text as refunds,
         coalesce(sum(without_tax) filter (where amount is not null), 0)::text as without_tax,
         (count(*) filter (where amount is not null and without_tax is null))::text as without_tax_unknown
  from sold
  left join (${REFUNDED}) as refunded on refunded.order_key = sold.order_key and refunded.currency = sold.currency
  group by 1, 2, 3, 4, 5`;
