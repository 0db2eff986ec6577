import type { OrderFact, RefundFact } from '@watertight/contracts';
import { bulkUpsert, type Queryable } from '@watertight/postgres';
import {
  type ContactClaim,
  NO_MEMORY,
  type OrderMemory,
  type StoredChange,
  type StoredOrder,
} from './stored-order.ts';

interface OrderRow {
  readonly order_key: string;
  readonly fact: OrderFact | null;
  readonly buyer_revision: string;
  readonly memory: OrderMemory | null;
  readonly buyer_id: string | null;
  readonly erased_at: Date | null;
}

interface ChangeRow {
  readonly order_key: string;
  readonly fact: RefundFact;
  readonly first_observed_at: Date;
}

interface ClaimRow {
  readonly order_key: string;
  readonly command_id: string;
  readonly email: string;
  readonly source: string;
  readonly requested_by: string;
  readonly requested_at: Date;
}

/**
 * Locks the orders, in the order of their keys, and reads all that is known of them. An order of which nothing is known
 * gets a row first: only what is there can be locked, and two replicas may meet the same new order at once.
 */
export async function lockOrders(
  tx: Queryable,
  orderKeys: readonly string[],
): Promise<readonly StoredOrder[]> {
  if (orderKeys.length === 0) return [];
  await tx.execute(
    `insert into order_fact (order_key)
     select distinct key collate "C" from unnest($1::text[]) as wanted (key) order by 1
     on conflict do nothing`,
    [orderKeys],
  );
  return readOrders(tx, orderKeys, 'for update');
}

/** All that is known of the orders, in the order of their keys; of one of which nothing is known, nothing. */
export async function readOrders(
  target: Queryable,
  orderKeys: readonly string[],
  lock: 'for update' | '' = '',
): Promise<readonly StoredOrder[]> {
  const rows = await target.query<OrderRow>(
    `select order_key, fact, buyer_revision, memory, buyer_id, erased_at
     from order_fact where order_key = any($1::text[]) order by order_key ${lock}`,
    [orderKeys],
  );
  const changes = await readChanges(target, orderKeys);
  const claims = await readClaims(target, orderKeys);
  return rows.map((row) => ({
    orderKey: row.order_key,
    fact: row.fact,
    buyerRevision: Number(row.buyer_revision),
    changes: changes.get(row.order_key) ?? [],
    claim: claims.get(row.order_key) ?? null,
    memory: row.memory ?? NO_MEMORY,
    erased: erasedOf(row),
  }));
}

function erasedOf({ erased_at, buyer_id }: OrderRow): StoredOrder['erased'] {
  return erased_at === null ? null : { at: erased_at.toISOString(), buyerId: buyer_id ?? '' };
}

async function readChanges(
  target: Queryable,
  orderKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredChange[]>> {
  const rows = await target.query<ChangeRow>(
    `select order_key, fact, first_observed_at from change_fact
     where order_key = any($1::text[]) order by order_key, fact_id`,
    [orderKeys],
  );
  const changes = new Map<string, StoredChange[]>();
  for (const { order_key, fact, first_observed_at } of rows) {
    const change = { fact, firstObservedAt: first_observed_at.toISOString() };
    const known = changes.get(order_key);
    if (known === undefined) changes.set(order_key, [change]);
    else known.push(change);
  }
  return changes;
}

/** The newest claim of each order. */
async function readClaims(
  target: Queryable,
  orderKeys: readonly string[],
): Promise<ReadonlyMap<string, ContactClaim>> {
  const rows = await target.query<ClaimRow>(
    `select distinct on (order_key) order_key, command_id, email, source, requested_by, requested_at
     from contact_claim where order_key = any($1::text[])
     order by order_key, requested_at desc, command_id desc`,
    [orderKeys],
  );
  return new Map(
    rows.map((row) => [
      row.order_key,
      {
        commandId: row.command_id,
        email: row.email,
        source: row.source,
        requestedBy: row.requested_by,
        requestedAt: row.requested_at.toISOString(),
      },
    ]),
  );
}

/** An order as it is to be kept. */
export interface OrderToSave {
  readonly order: StoredOrder;
  readonly contactBuyerId: string | null;
  /** Changes that are new or have changed. */
  readonly changes: readonly StoredChange[];
}

const orderColumns = {
  order_key: 'text',
  fact: 'json',
  buyer_revision: 'bigint',
  memory: 'json',
  outcome: 'text',
  reason: 'text',
  buyer_id: 'text',
  contact_buyer_id: 'text',
  erased_at: 'timestamptz',
};

/** Writes orders that were locked before. Of an erased one only its key and its word stay. */
export async function saveOrders(tx: Queryable, saves: readonly OrderToSave[]): Promise<void> {
  const { order_key: _key, ...updated } = orderColumns;
  await bulkUpsert(tx, {
    table: 'order_fact',
    columns: orderColumns,
    key: ['order_key'],
    update: Object.keys(updated),
    rows: saves.map(({ order, contactBuyerId }) => ({
      order_key: order.orderKey,
      fact: order.fact,
      buyer_revision: order.buyerRevision,
      memory: order.memory,
      outcome: order.memory.word?.outcome ?? null,
      reason: order.memory.word?.reason ?? null,
      buyer_id: order.erased?.buyerId ?? order.memory.buyer?.buyerId ?? null,
      contact_buyer_id: contactBuyerId,
      erased_at: order.erased?.at ?? null,
    })),
  });
  await saveChanges(tx, saves);
  const erased = saves.filter(({ order }) => order.erased !== null).map(({ order }) => order.orderKey);
  if (erased.length === 0) return;
  await tx.execute('delete from change_fact where order_key = any($1::text[])', [erased]);
  await tx.execute('delete from contact_claim where order_key = any($1::text[])', [erased]);
}

async function saveChanges(tx: Queryable, saves: readonly OrderToSave[]): Promise<void> {
  const rows = saves.flatMap(({ order, changes }) =>
    changes.map(({ fact, firstObservedAt }) => ({
      fact_id: fact.factId,
      order_key: order.orderKey,
      fact,
      first_observed_at: firstObservedAt,
    })),
  );
  if (rows.length === 0) return;
  await bulkUpsert(tx, {
    table: 'change_fact',
    columns: { fact_id: 'text', order_key: 'text', fact: 'json', first_observed_at: 'timestamptz' },
    key: ['fact_id'],
    update: ['fact', 'first_observed_at'],
    rows,
  });
}

export interface ClaimToSave {
  readonly orderKey: string;
  readonly buyerId: string;
  readonly claim: ContactClaim;
}

/** Keeps claims; one that was kept before stays as it is. */
export async function saveClaims(tx: Queryable, claims: readonly ClaimToSave[]): Promise<void> {
  if (claims.length === 0) return;
  await bulkUpsert(tx, {
    table: 'contact_claim',
    columns: {
      command_id: 'text',
      order_key: 'text',
      buyer_id: 'text',
      email: 'text',
      source: 'text',
      requested_by: 'text',
      requested_at: 'timestamptz',
    },
    key: ['command_id'],
    update: 'nothing',
    rows: claims.map(({ orderKey, buyerId, claim }) => ({
      command_id: claim.commandId,
      order_key: orderKey,
      buyer_id: buyerId,
      email: claim.email,
      source: claim.source,
      requested_by: claim.requestedBy,
      requested_at: claim.requestedAt,
    })),
  });
}

/** Every order that is or was of these buyers, or holds their address. */
export async function orderKeysOfBuyers(
  tx: Queryable,
  buyerIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.query<{ order_key: string }>(
    `select order_key from order_fact
     where buyer_id = any($1::text[]) or contact_buyer_id = any($1::text[])
     union select order_key from contact_claim where buyer_id = any($1::text[])`,
    [buyerIds],
  );
  return rows.map(({ order_key }) => order_key);
}

/** Removes the addresses that people have claimed for these buyers. */
export async function deleteClaimsOfBuyers(tx: Queryable, buyerIds: readonly string[]): Promise<void> {
  await tx.execute('delete from contact_claim where buyer_id = any($1::text[])', [buyerIds]);
}
