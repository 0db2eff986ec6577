import { marketplaceIdOf, orderIdOf, Topics } from '@watertight/contracts';
import { bulkUpsert, type Database, type Queryable, type Row } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { ContactVault } from '../contacts/contact-vault.ts';
import { writeContacts } from '../contacts/contacts.store.ts';
import { noteMissed, raiseFromOrders } from '../exceptions/raise-from-orders.store.ts';
import { foldSource, NO_SOURCE, type Positions, type SourceState } from '../reconcile/source-state.ts';
import { forgetReplaced } from '../reconcile/settled-cut.ts';
import type { BatchFollower } from './batch-follower.ts';
import type { Contribution } from './contribution.ts';
import { changeOrders, type ChangedOrder } from './change-orders.ts';
import type { Said } from './said.ts';
import { type LedgerBatch, type StagedBatch, stageBatch } from './stage-batch.ts';
import { writeRefunds, writeTimeline, writeUnplaced, writeWords } from './story.store.ts';

export interface LedgerParts {
  readonly database: Database;
  readonly vault: ContactVault;
  readonly clock: Clock;
  /** Those who keep something of their own from each batch. */
  readonly followers?: readonly BatchFollower[];
  /** The topic whose positions settle audits; another name only in tests. */
  readonly ordersTopic?: string;
  /** False while a ledger is rebuilt: the desk is brought to agree once, at the end. */
  readonly raises?: boolean;
}

/** Writes the ledger. All of a batch is one transaction, and the position up to which it was folded is part of it. */
export class LedgerStore {
  #takenSinceVacuum = 0;

  constructor(private readonly parts: LedgerParts) {}

  /**
   * Folds a batch. Idempotent: the same batch again changes nothing. Batches that speak of the same orders may run
   * at the same time: rows are made, then locked, in the order of their keys.
   * Throws RetryableError while the database cannot do it.
   */
  async fold(batch: LedgerBatch): Promise<void> {
    const { database, vault, clock, followers = [], raises = true } = this.parts;
    const { ordersTopic = Topics.orders.name } = this.parts;
    const staged = stageBatch(batch.messages);
    await database.transaction(async (transaction) => {
      const changed = await foldOrders(transaction, staged);
      if (raises) {
        await raiseFromOrders(transaction, changed, clock.now());
        await noteMissed(transaction, staged.missed, clock.now());
      }
      await writeContacts(transaction, vault, staged.newestFacts, [...staged.byOrder.keys()]);
      await writeRefunds(transaction, staged);
      await writeTimeline(transaction, staged);
      await writeUnplaced(transaction, staged);
      await writeWords(transaction, staged);
      await foldSources(transaction, staged, ordersTopic);
      for (const follow of followers) await follow(transaction, batch.messages);
      await writePosition(transaction, batch);
    });
  }

  /**
   * Adds the collected changes into the sums per day. Any number of changes, any number of replicas: what one takes
   * is gone for the others.
   */
  async addUpDeltas(): Promise<void> {
    const [taken] = await this.parts.database.query<{ taken: string }>(ADD_UP_DELTAS);
    this.#takenSinceVacuum += Number(taken?.taken ?? 0);
    if (this.#takenSinceVacuum < VACUUM_AFTER_ROWS) return;
    // What was taken leaves dead rows that every reader of the balance steps over. The server's own vacuum comes once
    // a minute at best, and a backfill leaves tens of thousands of them in a second.
    this.#takenSinceVacuum = 0;
    await this.parts.database.execute('vacuum balance_delta');
  }
}

const VACUUM_AFTER_ROWS = 10_000;

const ADD_UP_DELTAS = `
  with taken as (delete from balance_delta returning *),
  added as (
    select marketplace_id, day, kind, reason, currency, contact_class,
           sum(orders) as orders, sum(minor) as minor, sum(unknown_money) as unknown_money
    from taken group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
  ),
  written as (
    insert into balance_day as d
      (marketplace_id, day, kind, reason, currency, contact_class, orders, minor, unknown_money)
    select * from added
    on conflict (marketplace_id, day, kind, reason, currency, contact_class) do update set
      orders = d.orders + excluded.orders,
      minor = d.minor + excluded.minor,
      unknown_money = d.unknown_money + excluded.unknown_money
    returning 1
  )
  select count(*)::text as taken from taken`;

async function foldOrders(target: Queryable, { byOrder }: StagedBatch): Promise<readonly ChangedOrder[]> {
  const keys = [...byOrder.keys()].sort();
  if (keys.length === 0) return [];
  await bulkUpsert(target, {
    table: 'ledger_order',
    columns: { order_key: 'text', marketplace_id: 'text', order_id: 'text' },
    key: ['order_key'],
    update: 'nothing',
    rows: keys.map((orderKey) => ({
      order_key: orderKey,
      marketplace_id: marketplaceIdOf(orderKey),
      order_id: orderIdOf(orderKey),
    })),
  });
  const rows = await target.query<{ order_key: string; said: Said | null }>(
    `select order_key, said from ledger_order where order_key = any($1::text[]) order by order_key for update`,
    [keys],
  );
  const known = new Map(rows.flatMap((row) => (row.said === null ? [] : [[row.order_key, row.said]])));
  const changes = changeOrders(known, byOrder);
  await writeOrders(target, changes.orders);
  await writeDeltas(target, changes.deltas);
  return changes.orders;
}

async function writeOrders(target: Queryable, orders: readonly ChangedOrder[]): Promise<void> {
  const columns = {
    order_key: 'text',
    marketplace_id: 'text',
    order_id: 'text',
    commercial_id: 'text',
    order_state: 'text',
    channel: 'text',
    created_at: 'timestamptz',
    bucket: 'text',
    reason: 'text',
    since: 'timestamptz',
    amount_minor: 'bigint',
    currency: 'text',
    in_source: 'boolean',
    source_minor: 'bigint',
    source_currency: 'text',
    contact_class: 'text',
    country: 'text',
    buyer_id: 'text',
    skus: 'text[]',
    waiting_stage: 'text',
    said: 'jsonb',
  };
  const update = Object.keys(columns).filter((name) => name !== 'order_key');
  await bulkUpsert(target, {
    table: 'ledger_order',
    columns,
    key: ['order_key'],
    update,
    rows: orders.map(rowOfOrder),
  });
}

function rowOfOrder({ orderKey, said, place }: ChangedOrder): Row {
  return {
    order_key: orderKey,
    marketplace_id: marketplaceIdOf(orderKey),
    order_id: orderIdOf(orderKey),
    commercial_id: said.captured?.commercialId ?? null,
    order_state: said.captured?.state ?? null,
    channel: said.captured?.channel ?? null,
    created_at: place.createdAt,
    bucket: place.bucket,
    reason: place.reason,
    since: place.since,
    amount_minor: place.amount?.minor ?? null,
    currency: place.amount?.currency ?? null,
    in_source: place.inSource,
    source_minor: place.sourceAmount?.minor ?? null,
    source_currency: place.sourceAmount?.currency ?? null,
    contact_class: place.contactClass,
    country: place.country,
    buyer_id: place.buyerId,
    skus: said.captured?.skus ?? [],
    waiting_stage: place.bucket === 'verified' ? null : place.stage,
    said,
  };
}

async function writeDeltas(target: Queryable, deltas: readonly Contribution[]): Promise<void> {
  if (deltas.length === 0) return;
  await target.execute(
    `insert into balance_delta
       (marketplace_id, day, kind, reason, currency, contact_class, orders, minor, unknown_money)
     select * from json_to_recordset($1::json) as r ("marketplaceId" text, "day" date, "kind" text, "reason" text,
       "currency" text, "contactClass" text, "orders" bigint, "minor" bigint, "unknownMoney" bigint)`,
    [JSON.stringify(deltas)],
  );
}

async function foldSources(target: Queryable, { bySource }: StagedBatch, ordersTopic: string): Promise<void> {
  const ids = [...bySource.keys()].sort();
  if (ids.length === 0) return;
  await bulkUpsert(target, {
    table: 'source_state',
    columns: { marketplace_id: 'text' },
    key: ['marketplace_id'],
    update: 'nothing',
    rows: ids.map((id) => ({ marketplace_id: id })),
  });
  const rows = await target.query<{ marketplace_id: string; state: SourceState | null }>(
    `select marketplace_id, state from source_state where marketplace_id = any($1::text[])
     order by marketplace_id for update`,
    [ids],
  );
  const folded = await readPositions(target, ordersTopic);
  await bulkUpsert(target, {
    table: 'source_state',
    columns: { marketplace_id: 'text', state: 'jsonb' },
    key: ['marketplace_id'],
    update: ['state'],
    rows: rows.map(({ marketplace_id: id, state }) => {
      const statements = bySource.get(id) ?? [];
      return {
        marketplace_id: id,
        state: forgetReplaced(statements.reduce(foldSource, state ?? NO_SOURCE), folded),
      };
    }),
  });
}

async function readPositions(target: Queryable, topic: string): Promise<Positions> {
  const rows = await target.query<{ partition: number; next_offset: string }>(
    `select partition, next_offset from folded_position where topic = $1`,
    [topic],
  );
  return Object.fromEntries(rows.map((row) => [String(row.partition), row.next_offset]));
}

/** Never backwards: a redelivery after a rebalance tells nothing new. */
async function writePosition(
  target: Queryable,
  { topic, partition, nextOffset }: LedgerBatch,
): Promise<void> {
  await target.execute(
    `insert into folded_position as p (topic, partition, next_offset) values ($1, $2, $3)
     on conflict (topic, partition) do update set next_offset = greatest(p.next_offset, excluded.next_offset)`,
    [topic, partition, nextOffset],
  );
}
