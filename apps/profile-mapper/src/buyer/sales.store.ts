import type { Attributes } from '@watertight/contracts';
import { bulkUpsert, type Queryable } from '@watertight/postgres';
import type { OrderBuyer } from '../facts/stored-order.ts';
import type { BuyerAggregates, PersonOfBuyer } from './build-profile.ts';
import type { OrderFigures } from './order-figures.ts';

/** A sale and whose it is; without figures the order is none, or none that counts. */
export interface SaleToSave {
  readonly orderKey: string;
  readonly marketplaceId: string;
  readonly sale: { readonly buyer: OrderBuyer; readonly figures: OrderFigures } | null;
}

const columns = {
  order_key: 'text',
  buyer_id: 'text',
  marketplace_id: 'text',
  placed_at: 'timestamptz',
  gross_minor: 'bigint',
  refunded_minor: 'bigint',
  cancelled_minor: 'bigint',
  complete: 'boolean',
  channel: 'text',
  country: 'text',
  skus: 'text[]',
  product_titles: 'text[]',
  refunded_skus: 'text[]',
  last_refund_at: 'timestamptz',
  last_cancel_at: 'timestamptz',
  review_request_allowed: 'boolean',
  person: 'jsonb',
  attributes: 'json',
};

/** Writes what each order adds to its buyer, and removes what no longer adds anything. */
export async function saveSales(tx: Queryable, sales: readonly SaleToSave[]): Promise<void> {
  const { order_key: _key, ...updated } = columns;
  const rows = sales.flatMap(({ orderKey, marketplaceId, sale }) =>
    sale === null ? [] : [saleRow(orderKey, marketplaceId, sale.buyer, sale.figures)],
  );
  if (rows.length > 0) {
    await bulkUpsert(tx, { table: 'sale', columns, key: ['order_key'], update: Object.keys(updated), rows });
  }
  const gone = sales.filter(({ sale }) => sale === null).map(({ orderKey }) => orderKey);
  if (gone.length > 0) await tx.execute('delete from sale where order_key = any($1::text[])', [gone]);
}

function saleRow(orderKey: string, marketplaceId: string, buyer: OrderBuyer, figures: OrderFigures) {
  const { email, class: contactClass, person } = buyer;
  return {
    order_key: orderKey,
    buyer_id: buyer.buyerId,
    marketplace_id: marketplaceId,
    placed_at: figures.placedAt,
    gross_minor: figures.grossMinor,
    refunded_minor: figures.refundedMinor,
    cancelled_minor: figures.cancelledMinor,
    complete: figures.complete,
    channel: figures.channel,
    country: figures.country,
    skus: figures.skus,
    product_titles: figures.productTitles,
    refunded_skus: figures.refundedSkus,
    last_refund_at: figures.lastRefundAt,
    last_cancel_at: figures.lastCancelAt,
    review_request_allowed: figures.reviewRequestAllowed,
    person: { email, contactClass, ...person } satisfies PersonOfBuyer,
    attributes: figures.attributes,
  };
}

interface AggregateRow {
  readonly buyer_id: string;
  readonly orders: string;
  readonly gross: string;
  readonly refunded: string;
  readonly cancelled: string;
  readonly complete: boolean;
  readonly first_order_at: Date;
  readonly last_order_at: Date;
  readonly last_order_gross: string | null;
  readonly last_channel: string;
  readonly review_request_allowed: boolean;
  readonly last_refund_at: Date | null;
  readonly last_cancel_at: Date | null;
  readonly channels: readonly string[];
  readonly countries: readonly string[];
  readonly marketplaces: readonly string[];
  readonly people: readonly PersonOfBuyer[];
  readonly attributes: readonly Attributes[] | null;
  readonly phone: string | null;
  readonly skus: readonly string[];
  readonly product_titles: readonly string[];
  readonly refunded_skus: readonly string[];
}

/** The list keeps the newest this many. */
const NEWEST = 200;
/** A person is described by the newest orders; who bought more often has said it all by then. */
const NEWEST_PEOPLE = 50;

const newestFirst = 'order by placed_at desc, order_key desc';

/** The newest distinct entries of an array column: an entry is as new as the newest sale it is in. */
const newestOf = (column: string, time: string): string => `
  select buyer_id, (array_agg(entry order by newest desc, entry))[1:${NEWEST}] as list
  from (
    select buyer_id, entry, max(${time}) as newest
    from mine cross join unnest(${column}) as entries (entry) group by buyer_id, entry
  ) as distinct_entries group by buyer_id`;

const AGGREGATES_SQL = `
  with mine as (select * from sale where buyer_id = any($1::text[])),
  sums as (
    select buyer_id, count(*) as orders,
      coalesce(sum(gross_minor), 0) as gross, sum(refunded_minor) as refunded, sum(cancelled_minor) as cancelled,
      bool_and(complete) as complete,
      min(placed_at) as first_order_at, max(placed_at) as last_order_at,
      (array_agg(gross_minor ${newestFirst}))[1] as last_order_gross,
      (array_agg(channel ${newestFirst}))[1] as last_channel,
      (array_agg(review_request_allowed ${newestFirst}))[1] as review_request_allowed,
      max(last_refund_at) as last_refund_at, max(last_cancel_at) as last_cancel_at,
      (array_agg(distinct channel))[1:${NEWEST}] as channels,
      coalesce((array_agg(distinct country) filter (where country is not null))[1:${NEWEST}], '{}') as countries,
      array_agg(distinct marketplace_id) as marketplaces,
      array_to_json((array_agg(person ${newestFirst}))[1:${NEWEST_PEOPLE}]) as people,
      array_to_json((array_agg(attributes ${newestFirst})
        filter (where attributes::text <> '{}'))[1:${NEWEST_PEOPLE}]) as attributes,
      (array_agg(person->>'phone' ${newestFirst})
        filter (where person->>'phone' is not null and marketplace_id = any($2::text[])))[1] as phone
    from mine group by buyer_id
  ),
  skus as (${newestOf('skus', 'placed_at')}),
  titles as (${newestOf('product_titles', 'placed_at')}),
  refunded as (${newestOf('refunded_skus', 'last_refund_at')})
  select sums.*, coalesce(skus.list, '{}') as skus, coalesce(titles.list, '{}') as product_titles,
    coalesce(refunded.list, '{}') as refunded_skus
  from sums left join skus using (buyer_id) left join titles using (buyer_id) left join refunded using (buyer_id)`;

/**
 * What all sales of each buyer come to, from the sales themselves: a redelivery cannot add anything twice. The phone is
 * the newest one from a marketplace whose policy lets it be used.
 */
export async function readAggregates(
  tx: Queryable,
  buyerIds: readonly string[],
  phoneMarketplaces: readonly string[],
): Promise<ReadonlyMap<string, BuyerAggregates>> {
  if (buyerIds.length === 0) return new Map();
  const rows = await tx.query<AggregateRow>(AGGREGATES_SQL, [buyerIds, phoneMarketplaces]);
  return new Map(rows.map((row) => [row.buyer_id, aggregatesOf(row)]));
}

function aggregatesOf(row: AggregateRow): BuyerAggregates {
  return {
    orders: Number(row.orders),
    grossMinor: Number(row.gross),
    refundedMinor: Number(row.refunded),
    cancelledMinor: Number(row.cancelled),
    complete: row.complete,
    firstOrderAt: row.first_order_at.toISOString(),
    lastOrderAt: row.last_order_at.toISOString(),
    lastOrderMinor: row.last_order_gross === null ? null : Number(row.last_order_gross),
    lastChannel: row.last_channel,
    reviewRequestAllowed: row.review_request_allowed,
    lastRefundAt: row.last_refund_at?.toISOString() ?? null,
    lastCancelAt: row.last_cancel_at?.toISOString() ?? null,
    channels: row.channels,
    countries: row.countries,
    marketplaces: row.marketplaces,
    people: row.people,
    attributes: row.attributes ?? [],
    phone: row.phone,
    skus: row.skus,
    productTitles: row.product_titles,
    refundedSkus: row.refunded_skus,
  };
}
