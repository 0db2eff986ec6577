// real: [Kafka, PostgreSQL, HTTP], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDatabase, type Database } from '@watertight/postgres';
import { systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { BalanceStore } from '../balance/balance.store.ts';
import { ContactVault } from '../contacts/contact-vault.ts';
import { raiseLate } from '../exceptions/late.store.ts';
import { monitorMigrations } from '../migrations/monitor-migrations.ts';
import { BUYER_ID_KEY, type MonitorFixture, monitorFixture } from '../monitor.fixture.ts';
import { reportFollowers } from '../reports.module.ts';
import {
  countAudit,
  ingestSaid,
  mapped,
  mapperSaid,
  orderFact,
  refundFact,
  verified,
  writerSaid,
} from '../testing.fixture.ts';
import { rebuildLedger, type RebuildParts, RebuildRefusedError } from './rebuild-ledger.ts';

let fixture: MonitorFixture;
let database: Database;
let scratch: Database;

beforeEach(async () => {
  fixture = await monitorFixture();
  const { databaseUrl: url, schema } = fixture;
  database = createDatabase({ url, schema, migrations: monitorMigrations });
  scratch = createDatabase({ url, schema: `${schema}_rebuild`, migrations: monitorMigrations });
}, 60_000);

afterEach(async () => {
  await Promise.all([scratch?.close(), database?.close()]);
  await fixture?.close();
}, 60_000);

function rebuild(override: Partial<RebuildParts> = {}) {
  return rebuildLedger({
    connection: fixture.connection,
    topics: fixture.topics,
    groupId: fixture.groupId,
    database,
    scratch,
    vault: new ContactVault(BUYER_ID_KEY),
    clock: systemClock,
    followers: reportFollowers,
    fromWhatIsLeft: false,
    ...override,
  });
}

const keys = Array.from({ length: 40 }, (_, index) => `m:A-${index}`);

async function publishAll(): Promise<void> {
  await fixture.publish(...keys.map((key) => orderFact(key)));
  await fixture.publish(
    orderFact('m:A-3', { revision: 2, amount: { amount: '39.90', currency: 'EUR' } }),
    refundFact('m:A-1', '1'),
    refundFact('m:A-1', '1', { revision: 2, state: 'REFUNDED' }),
    ...keys.map((key) => ingestSaid(key, { outcome: 'captured' })),
    ...keys.slice(0, 30).map((key) => mapped(key)),
    ...keys.slice(30, 35).map((key) => mapperSaid(key, { outcome: 'withheld', reason: 'contact.relay' })),
    ...keys.slice(0, 20).map((key) => writerSaid(key, 'placed', { outcome: 'accepted' })),
    ...keys.slice(0, 15).map((key) => verified(key)),
    countAudit('m', 40),
  );
}

/** Every row of the ledger; the sums as a reader adds them up. */
async function everything() {
  const rows = (table: string, order: string) => database.query(`select * from ${table} order by ${order}`);
  const window = {
    marketplaceId: 'm',
    from: '2025-01-01T00:00:00.000Z',
    to: '2027-01-01T00:00:00.000Z',
    cut: null,
    whole: false,
  };
  return {
    orders: await rows('ledger_order', 'order_key'),
    refunds: await rows('ledger_refund', 'fact_id'),
    timeline: await rows('timeline_entry', 'order_key, entry_id'),
    words: await rows('stage_word', 'kind, subject'),
    sources: await rows('source_state', 'marketplace_id'),
    sales: await rows('sales_amount', 'order_key'),
    recent: await rows('recent_fact', 'order_key'),
    positions: await rows('folded_position', 'topic, partition'),
    sums: await new BalanceStore(database, fixture.topics.orders.name).sums([window]),
  };
}

const openExceptions = () =>
  database.query<{ order_key: string; reason: string }>(
    `select order_key, reason from exception_case where origin = 'ledger' and state <> 'resolved'
     order by order_key, reason`,
  );

/** Publishes everything, has the service fold it, and stops the service. */
async function foldedByService() {
  const monitor = await fixture.start();
  await publishAll();
  await waitUntil('everything is folded', async () => {
    const [row] = await database.query<{ verified: string; withheld: string; audits: string }>(
      `select (select count(*) from ledger_order where bucket = 'verified') as verified,
              (select count(*) from ledger_order where bucket = 'withheld') as withheld,
              (select count(*) from source_state where state is not null) as audits`,
    );
    return row?.verified === '15' && row.withheld === '5' && row.audits === '1';
  });
  return monitor;
}

describe('rebuilding the ledger', () => {
  it('gives the same rows, buckets and sums as the service had, whatever was done to them', async () => {
    const monitor = await foldedByService();
    await expect(rebuild()).rejects.toThrow(RebuildRefusedError);
    await monitor.stop();
    const before = await everything();
    // What the timer does in a running service: the rebuild brings the whole desk to agree, the late ones too.
    await database.transaction((transaction) => raiseLate(transaction, systemClock.now()));
    const held = await openExceptions();
    expect(before.orders).toHaveLength(40);
    expect(held).not.toHaveLength(0);

    await database.execute(`update ledger_order set bucket = 'failed', amount_minor = 1, said = null`);
    await database.execute(`delete from ledger_order where order_key < 'm:A-2'`);
    await database.execute(`update balance_day set orders = orders + 7`);
    await database.execute(`truncate timeline_entry, ledger_refund, source_state, sales_amount`);
    await database.execute(`update exception_case set state = 'resolved', resolved_by = 'itself'
      where order_key = 'm:A-30'`);
    await database.execute(`insert into exception_case
      select 'stranger', 'm:GONE', reason, origin, marketplace_id, 'm:GONE', bucket, stage, owner, urgency, 'open',
        detail, amount_minor, currency, orders, since, opened_at, due_at
      from exception_case limit 1`);
    expect(await everything()).not.toEqual(before);

    const rebuilt = await rebuild();
    expect(rebuilt.orders).toBe(40);
    expect(await everything()).toEqual(before);
    expect(await openExceptions()).toEqual(held);
    const [left] = await database.query(`select 1 from pg_namespace where nspname = $1`, [scratch.schema]);
    expect(left).toBeUndefined();
  }, 120_000);

  it('refuses when a topic no longer reaches back to its beginning, unless told to go on', async () => {
    const monitor = await foldedByService();
    await monitor.stop();
    const before = await everything();
    const admin = fixture.connection.client.admin();
    await admin.connect();
    const topic = fixture.topics.orders.name;
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await admin.disconnect();

    await expect(rebuild()).rejects.toThrow(/no longer reach back/);
    expect(await everything()).toEqual(before);

    await rebuild({ fromWhatIsLeft: true });
    const orders = await database.query<{ amount_minor: string | null }>(
      'select amount_minor from ledger_order',
    );
    // Only outcomes are left: they say where each order went, and not what it was worth.
    expect(orders).toHaveLength(40);
    expect(orders.every(({ amount_minor: minor }) => minor === null)).toBe(true);
  }, 120_000);
});
