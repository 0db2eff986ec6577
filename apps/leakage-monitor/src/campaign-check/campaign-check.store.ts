import { BUCKETS } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import type { SelectionPart } from './judge-campaign.ts';

/** Which orders a campaign is about. */
export interface Selection {
  /** Marketplaces of the channel; null is all. */
  readonly marketplaceIds: readonly string[] | null;
  /** A channel that Mirakl names on orders; null is all. */
  readonly miraklChannel: string | null;
  readonly sku: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export interface MissingFilter {
  readonly selection: Selection;
  /** Null is all. */
  readonly reason: string | null;
  readonly notReasons: readonly string[];
  readonly after: { readonly createdAt: string; readonly orderKey: string } | undefined;
  readonly limit: number;
}

export interface MissingRecord {
  readonly order_key: string;
  readonly marketplace_id: string;
  readonly order_id: string;
  readonly created_at: Date | null;
  readonly bucket: string;
  readonly reason: string | null;
  readonly since: Date | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
}

const SELECTED = `
  ($1::text[] is null or marketplace_id = any($1::text[])) and ($2::text is null or channel = $2)
  and ($3::text is null or skus @> array[$3::text]) and ($4::timestamptz is null or created_at >= $4::timestamptz)
  and ($5::timestamptz is null or created_at <= $5::timestamptz)`;

const RECENT_VERIFIED = 500;
const OPTIONS_MAX = 200;
const OPTION_DAYS = 90;
/** Enough to know what sells; all of a quarter would take seconds. */
const OPTION_ORDERS = 20_000;

/** Reads the orders of a selection. */
export class CampaignCheckStore {
  constructor(private readonly database: Database) {}

  async parts(selection: Selection): Promise<SelectionPart[]> {
    const rows = await this.database.query<{
      bucket: string;
      reason: string | null;
      currency: string;
      orders: string;
      minor: string;
      unknown_money: string;
      oldest: Date | null;
    }>(
      `select bucket, reason, coalesce(currency, '') as currency, count(*)::text as orders,
              coalesce(sum(amount_minor), 0)::text as minor,
              (count(*) filter (where amount_minor is null))::text as unknown_money, min(since) as oldest
       from ledger_order where bucket is not null and ${SELECTED} group by 1, 2, 3`,
      parametersOf(selection),
    );
    return rows.flatMap((row) => {
      const bucket = BUCKETS.find((one) => one === row.bucket);
      if (bucket === undefined) return [];
      return [
        {
          bucket,
          reason: row.reason,
          currency: row.currency,
          orders: Number(row.orders),
          minor: Number(row.minor),
          unknownMoney: Number(row.unknown_money),
          oldestSince: row.oldest?.toISOString() ?? null,
        },
      ];
    });
  }

  /** Milliseconds that 95 of 100 of the newest verified orders took from capture to verified; null without any. */
  async usualMs(): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `select extract(epoch from percentile_cont(0.95) within group (order by took))::float8 * 1000 as ms from (
         select since - (said -> 'captured' ->> 'observedAt')::timestamptz as took from ledger_order
         where bucket = 'verified' and since is not null and said -> 'captured' ->> 'observedAt' is not null
         order by created_at desc nulls last, order_key desc limit ${RECENT_VERIFIED}
       ) as recent where took > interval '0'`,
    );
    return row?.ms ?? null;
  }

  /** Orders that are not in and could be, newest first. */
  async missing({ selection, reason, notReasons, after, limit }: MissingFilter): Promise<MissingRecord[]> {
    return this.database.query<MissingRecord>(
      `select order_key, marketplace_id, order_id, created_at, bucket, reason, since, amount_minor::text, currency
       from ledger_order
       where bucket in ('in_flight', 'failed', 'uncaptured_contact', 'withheld') and created_at is not null
         and ${SELECTED} and ($6::text is null or reason = $6) and reason <> all($7::text[])
         and ($8::timestamptz is null or (created_at, order_key) < ($8::timestamptz, $9::text))
       order by created_at desc nulls last, order_key desc limit $10`,
      [
        ...parametersOf(selection),
        reason,
        notReasons,
        after?.createdAt ?? null,
        after?.orderKey ?? null,
        limit,
      ],
    );
  }

  /** Channels that Mirakl names on recent orders. */
  async miraklChannels(now: Date): Promise<string[]> {
    const rows = await this.database.query<{ channel: string }>(
      `select distinct channel from ledger_order
       where channel is not null and created_at > $1::timestamptz - interval '${OPTION_DAYS} days' order by channel`,
      [now],
    );
    return rows.map(({ channel }) => channel);
  }

  /** The most ordered SKUs of recent orders. */
  async skus(now: Date): Promise<{ sku: string; orders: number }[]> {
    return this.database.query<{ sku: string; orders: number }>(
      `select sku, count(*)::integer as orders from (
         select skus from ledger_order where created_at > $1::timestamptz - interval '${OPTION_DAYS} days'
         order by created_at desc nulls last, order_key desc limit ${OPTION_ORDERS}
       ) as recent, unnest(skus) as sku
       group by sku order by count(*) desc, sku limit ${OPTIONS_MAX}`,
      [now],
    );
  }
}

function parametersOf({ marketplaceIds, miraklChannel, sku, from, to }: Selection): unknown[] {
  return [marketplaceIds, miraklChannel, sku, from, to];
}
