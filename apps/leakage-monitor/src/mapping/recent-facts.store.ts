import type { OrderFact } from '@watertight/contracts';
import { bulkUpsert, type Database, type Queryable } from '@watertight/postgres';
import { type LedgerMessage, storable } from '../ledger/stage-batch.ts';
import { newestFacts, RECENT_FACTS_MAX, withoutBuyer } from './recent-fact.ts';

/**
 * Keeps the newest orders of each marketplace; part of the transaction that folds the batch, after the orders were
 * folded. Idempotent. An erased person's orders go, and do not come back: by then the ledger says that they are erased.
 */
export async function keepRecentFacts(target: Queryable, messages: readonly LedgerMessage[]): Promise<void> {
  await forgetErased(target, messages);
  const facts = newestFacts(
    messages.flatMap((message) => (message.kind === 'order' ? [message.fact] : [])),
    RECENT_FACTS_MAX,
  );
  const wanted = await thoseNewEnough(target, facts);
  if (wanted.length === 0) return;
  await bulkUpsert(target, {
    table: 'recent_fact',
    columns: {
      order_key: 'text',
      marketplace_id: 'text',
      revision: 'integer',
      created_at: 'timestamptz',
      fact: 'jsonb',
    },
    key: ['order_key'],
    update: ['revision', 'created_at', 'fact'],
    where: 't.revision < excluded.revision',
    rows: wanted.map((fact) => ({
      order_key: fact.orderKey,
      marketplace_id: fact.marketplaceId,
      revision: fact.revision,
      created_at: fact.createdAt,
      fact: withoutBuyer(fact),
    })),
  });
  await forgetOlder(target, [...new Set(wanted.map(({ marketplaceId }) => marketplaceId))]);
}

/** Reads them, newest first. */
export class RecentFactsStore {
  constructor(private readonly database: Database) {}

  async newest(marketplaceId: string): Promise<OrderFact[]> {
    const rows = await this.database.query<{ fact: OrderFact }>(
      `select fact from recent_fact where marketplace_id = $1
       order by created_at desc, order_key desc limit ${RECENT_FACTS_MAX}`,
      [marketplaceId],
    );
    return rows.map(({ fact }) => fact);
  }
}

async function forgetErased(target: Queryable, messages: readonly LedgerMessage[]): Promise<void> {
  const erased = messages.flatMap((message) =>
    message.kind === 'outcome' && message.outcome.kind === 'fact' && message.outcome.outcome === 'erased'
      ? [message.outcome.orderKey ?? '']
      : [],
  );
  if (erased.length === 0) return;
  await target.execute(`delete from recent_fact where order_key = any($1::text[])`, [erased]);
}

/** During a backfill most orders are older than those kept already: they are not written at all. */
async function thoseNewEnough(target: Queryable, facts: readonly OrderFact[]): Promise<OrderFact[]> {
  if (facts.length === 0) return [];
  const rows = await target.query<{ order_key: string }>(
    `select f."orderKey" as order_key
     from json_to_recordset($1::json) as f ("orderKey" text, "marketplaceId" text, "createdAt" timestamptz)
     left join lateral (
       select created_at from recent_fact where marketplace_id = f."marketplaceId"
       order by created_at desc, order_key desc offset ${RECENT_FACTS_MAX - 1} limit 1
     ) as last on true
     where (last.created_at is null or f."createdAt" >= last.created_at)
       and not exists (select from ledger_order o where o.order_key = f."orderKey" and o.bucket = 'erased')`,
    [
      JSON.stringify(
        facts.map(({ orderKey, marketplaceId, createdAt }) => ({
          orderKey: storable(orderKey),
          marketplaceId,
          createdAt,
        })),
      ),
    ],
  );
  const wanted = new Set(rows.map((row) => row.order_key));
  return facts.filter(({ orderKey }) => wanted.has(storable(orderKey)));
}

async function forgetOlder(target: Queryable, marketplaceIds: readonly string[]): Promise<void> {
  await target.execute(
    `delete from recent_fact where order_key in (
       select old.order_key from unnest($1::text[]) as m (id)
       cross join lateral (
         select order_key from recent_fact where marketplace_id = m.id
         order by created_at desc, order_key desc offset ${RECENT_FACTS_MAX}
       ) as old
     )`,
    [marketplaceIds],
  );
}
