import { bulkUpsert, type Queryable } from '@watertight/postgres';
import type { Known, KnownOrder, KnownRefund } from './detect-changes.ts';

interface OrderRow {
  readonly order_key: string;
  readonly revision: number;
  readonly content_hash: string | null;
  readonly unreadable_hash: string | null;
}

interface RefundRow {
  readonly fact_id: string;
  readonly order_key: string;
  readonly kind: KnownRefund['kind'];
  readonly revision: number;
  readonly content_hash: string | null;
  readonly final: boolean;
}

/** What was captured before, of the orders and refunds that a page holds. */
export async function readKnown(
  database: Queryable,
  orderKeys: readonly string[],
  refundIds: readonly string[],
): Promise<Known> {
  const orders = await database.query<OrderRow>(
    `select order_key, revision, content_hash, unreadable_hash
     from captured_order where order_key = any($1::text[])`,
    [orderKeys],
  );
  const refunds =
    refundIds.length === 0
      ? []
      : await database.query<RefundRow>(
          `select fact_id, order_key, kind, revision, content_hash, final
           from captured_refund where fact_id = any($1::text[])`,
          [refundIds],
        );
  return {
    orders: new Map(orders.map((row) => [row.order_key, knownOrder(row)])),
    refunds: new Map(refunds.map((row) => [row.fact_id, knownRefund(row)])),
  };
}

/**
 * Takes the revisions of what is about to be published. After a crash in between, the same page is published under
 * higher ones: a revision never stands for two contents, so a consumer may drop what it has seen.
 */
export async function reserveRevisions(
  database: Queryable,
  marketplaceId: string,
  learnt: Known,
): Promise<void> {
  await upsertOrders(database, marketplaceId, learnt.orders, 'revision only');
  await upsertRefunds(database, marketplaceId, learnt.refunds, 'revision only');
}

/** Remembers what has been published. */
export async function recordLearnt(database: Queryable, marketplaceId: string, learnt: Known): Promise<void> {
  await upsertOrders(database, marketplaceId, learnt.orders, 'all');
  await upsertRefunds(database, marketplaceId, learnt.refunds, 'all');
}

type Extent = 'revision only' | 'all';

async function upsertOrders(
  database: Queryable,
  marketplaceId: string,
  orders: Known['orders'],
  extent: Extent,
): Promise<void> {
  const all = extent === 'all';
  await bulkUpsert(database, {
    table: 'captured_order',
    columns: {
      order_key: 'text',
      marketplace_id: 'text',
      revision: 'integer',
      content_hash: 'text',
      unreadable_hash: 'text',
    },
    key: ['order_key'],
    update: all ? ['revision', 'content_hash', 'unreadable_hash'] : ['revision'],
    rows: [...orders].map(([orderKey, { revision, contentHash, unreadableHash }]) => ({
      order_key: orderKey,
      marketplace_id: marketplaceId,
      revision,
      content_hash: all ? contentHash : null,
      unreadable_hash: all ? unreadableHash : null,
    })),
  });
}

async function upsertRefunds(
  database: Queryable,
  marketplaceId: string,
  refunds: Known['refunds'],
  extent: Extent,
): Promise<void> {
  const all = extent === 'all';
  await bulkUpsert(database, {
    table: 'captured_refund',
    columns: {
      fact_id: 'text',
      order_key: 'text',
      marketplace_id: 'text',
      kind: 'text',
      revision: 'integer',
      content_hash: 'text',
      final: 'boolean',
    },
    key: ['fact_id'],
    update: all ? ['revision', 'content_hash', 'final'] : ['revision'],
    rows: [...refunds].map(([factId, { orderKey, kind, revision, contentHash, final }]) => ({
      fact_id: factId,
      order_key: orderKey,
      marketplace_id: marketplaceId,
      kind,
      revision,
      content_hash: all ? contentHash : null,
      final: all && final,
    })),
  });
}

function knownOrder(row: OrderRow): KnownOrder {
  return { revision: row.revision, contentHash: row.content_hash, unreadableHash: row.unreadable_hash };
}

function knownRefund(row: RefundRow): KnownRefund {
  return {
    orderKey: row.order_key,
    kind: row.kind,
    revision: row.revision,
    contentHash: row.content_hash,
    final: row.final,
  };
}
