// real: [PostgreSQL], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDatabase, type Database, runMigrations } from '@watertight/postgres';
import { systemClock } from '@watertight/service';
import { createTestSchema, testStack, type TestSchema } from '@watertight/testing';
import { BalanceStore } from '../balance/balance.store.ts';
import { ContactVault } from '../contacts/contact-vault.ts';
import { ContactsStore } from '../contacts/contacts.store.ts';
import { monitorMigrations } from '../migrations/monitor-migrations.ts';
import { mapped, mapperSaid, orderFact, refundFact, verified, writerSaid } from '../testing.fixture.ts';
import { LedgerStore } from './ledger.store.ts';
import type { LedgerBatch, LedgerMessage } from './stage-batch.ts';

const OLD = '2025-01-01T00:00:00.000Z';
const FAR = '2027-01-01T00:00:00.000Z';

let schema: TestSchema;
let database: Database;
let ledger: LedgerStore;

beforeEach(async () => {
  const { databaseUrl } = testStack();
  schema = await createTestSchema(databaseUrl, { create: false });
  database = createDatabase({
    url: databaseUrl,
    schema: schema.schema,
    migrations: monitorMigrations,
  });
  await runMigrations(database);
  ledger = new LedgerStore({ database, vault: new ContactVault('k'.repeat(32)), clock: systemClock });
});

afterEach(async () => {
  await database.close();
  await schema.drop();
});

function batch(messages: readonly LedgerMessage[], override: Partial<LedgerBatch> = {}): LedgerBatch {
  return { topic: 'sync.outcomes.v1', partition: 0, nextOffset: '1', messages, ...override };
}

const orders = (keys: readonly string[]): LedgerMessage[] =>
  keys.map((key, index) => ({
    kind: 'order',
    fact: orderFact(key, { createdAt: new Date(Date.UTC(2026, 0, 1 + (index % 60), 12)).toISOString() }),
  }));
const outcomes = (told: readonly ReturnType<typeof mapped>[]): LedgerMessage[] =>
  told.map((outcome) => ({ kind: 'outcome', outcome }));

/** Everything in the ledger that a reader can see. */
async function everything() {
  const rows = (table: string, order: string) => database.query(`select * from ${table} order by ${order}`);
  const window = { marketplaceId: 'm', from: OLD, to: FAR, cut: null, whole: false };
  return {
    orders: await rows('ledger_order', 'order_key'),
    refunds: await rows('ledger_refund', 'fact_id'),
    timeline: await rows('timeline_entry', 'order_key, entry_id'),
    sums: await new BalanceStore(database).sums([window]),
  };
}

describe('the ledger', () => {
  const keys = Array.from({ length: 300 }, (_, index) => `m:A-${index}`);
  const batches = [
    batch(orders(keys), { topic: 'mirakl.orders.v1' }),
    batch([{ kind: 'refund', fact: refundFact('m:A-1', '1') }], { topic: 'mirakl.refunds.v1' }),
    batch(outcomes(keys.map((key) => mapped(key)))),
    batch(outcomes(keys.slice(0, 200).map((key) => writerSaid(key, 'placed', { outcome: 'accepted' })))),
    batch(outcomes(keys.slice(0, 150).map((key) => verified(key)))),
    batch(outcomes(keys.slice(250).map((key) => mapperSaid(key, { outcome: 'not_a_sale', revision: 2 })))),
  ];

  it('is the same whether batches come one after the other, at the same time, repeated or backwards', async () => {
    for (const one of batches) await ledger.fold(one);
    const inOrder = await everything();
    expect(inOrder.sums.map(({ kind, orders: count }) => [kind, count])).toEqual([
      ['in_flight', 50],
      ['in_flight', 50],
      ['not_a_sale', 50],
      ['source', 300],
      ['verified', 150],
    ]);

    await database.execute(
      'truncate ledger_order, ledger_refund, timeline_entry, balance_day, balance_delta, folded_position',
    );
    const folding = [...batches, ...batches].reverse().map((one) => ledger.fold(one));
    const adding = Array.from({ length: 5 }, () => ledger.addUpDeltas());
    await Promise.all([...folding, ...adding]);
    expect(await everything()).toEqual(inOrder);
    await ledger.addUpDeltas();
    expect(await everything()).toEqual(inOrder);
  });

  it('never moves a position backwards', async () => {
    const position = async () =>
      (await database.query<{ next_offset: string }>('select next_offset from folded_position')).map(
        (row) => row.next_offset,
      );
    await ledger.fold(batch([], { nextOffset: '9007199254740993' }));
    await ledger.fold(batch([], { nextOffset: '7' }));
    expect(await position()).toEqual(['9007199254740993']);
  });

  it('holds names and texts that PostgreSQL cannot store as they are', async () => {
    const strange = 'm:A\u0000B\ud800';
    await ledger.fold(batch([{ kind: 'order', fact: orderFact(strange, { commercialId: '\u0000' }) }]));
    await ledger.fold(batch(outcomes([mapped(strange), verified(strange)])));
    const [row] = await database.query<{ bucket: string; order_key: string }>(
      'select order_key, bucket from ledger_order',
    );
    expect(row?.order_key).toBe('m:A\ufffdB\ufffd');
  });

  it('keeps of a refund what was said of it last', async () => {
    const refund = (revision: number, state: string): LedgerMessage => ({
      kind: 'refund',
      fact: refundFact('m:A-1', '1', { revision, state }),
    });
    await ledger.fold(batch([refund(2, 'REFUNDED'), refund(1, 'WAITING_REFUND')]));
    await ledger.fold(batch([refund(1, 'WAITING_REFUND')]));
    const rows = await database.query<{ state: string }>('select state from ledger_refund');
    expect(rows).toEqual([{ state: 'REFUNDED' }]);
  });

  it('keeps an outcome that names no order', async () => {
    const unplaced = { ...mapperSaid('m:A-1', { outcome: 'failed' }), orderKey: null, outcomeId: 'x' };
    await ledger.fold(batch([{ kind: 'outcome', outcome: unplaced }]));
    await ledger.fold(batch([{ kind: 'outcome', outcome: unplaced }]));
    expect(await database.query('select outcome_id from unplaced_outcome')).toEqual([{ outcome_id: 'x' }]);
  });
});

describe('the words of the stages', () => {
  const settings = (at: string, shopName: string): LedgerMessage => ({
    kind: 'outcome',
    outcome: {
      kind: 'marketplace_settings',
      outcomeId: `m:settings:${at}`,
      marketplaceId: 'm',
      at,
      shopId: '1',
      shopName,
      currency: 'EUR',
      taxMode: 'TAX_INCLUDED',
      timezone: null,
      channels: [],
      reasons: [],
      features: {},
    },
  });
  const dayCount = (day: string, orderCount: number): LedgerMessage => ({
    kind: 'outcome',
    outcome: {
      kind: 'day_count',
      outcomeId: `m:day_count:${day}T00:00:00Z`,
      marketplaceId: 'm',
      at: '2026-03-10T03:00:00Z',
      since: `${day}T00:00:00Z`,
      until: `${day}T23:59:59Z`,
      orders: orderCount,
    },
  });

  it('keep the newest of each subject, in any order of arrival', async () => {
    await ledger.fold(batch([settings('2026-03-02T10:00:00Z', 'New'), dayCount('2026-03-01', 3)]));
    await ledger.fold(batch([settings('2026-03-01T10:00:00Z', 'Old'), dayCount('2026-03-02', 4)]));
    const words = await database.query(
      `select kind, subject, marketplace_id, body->>'shopName' as name, body->>'orders' as orders
       from stage_word order by kind, subject`,
    );
    expect(words).toEqual([
      {
        kind: 'day_count',
        subject: 'm:day_count:2026-03-01T00:00:00Z',
        marketplace_id: 'm',
        name: null,
        orders: '3',
      },
      {
        kind: 'day_count',
        subject: 'm:day_count:2026-03-02T00:00:00Z',
        marketplace_id: 'm',
        name: null,
        orders: '4',
      },
      { kind: 'marketplace_settings', subject: 'm:settings', marketplace_id: 'm', name: 'New', orders: null },
    ]);
  });
});

describe('the addresses of buyers', () => {
  const withAddress = (revision: number, value: string | null): LedgerMessage => ({
    kind: 'order',
    fact: orderFact('m:A-1', {
      revision,
      buyer: {
        ...orderFact('m:A-1').buyer,
        contacts: value === null ? [] : [{ field: 'customer_notification_email', value }],
      },
    }),
  });
  const contacts = () => new ContactsStore(database, new ContactVault('k'.repeat(32)));

  it('are kept sealed, the newest of each order', async () => {
    await ledger.fold(batch([withAddress(2, 'new@example.com')]));
    await ledger.fold(batch([withAddress(1, 'old@example.com')]));
    expect(await contacts().masked('m:A-1')).toEqual([
      { field: 'customer_notification_email', masked: 'n***@e***.com' },
    ]);
    expect(await contacts().reveal('m:A-1')).toEqual([
      { field: 'customer_notification_email', value: 'new@example.com' },
    ]);
    const rows = await database.query(`select t::text as row from order_contact t`);
    expect(JSON.stringify(rows)).not.toContain('new@example');
  });

  it('go when Mirakl has removed the person', async () => {
    await ledger.fold(batch([withAddress(1, 'a@example.com')]));
    await ledger.fold(batch([withAddress(2, null)]));
    expect(await contacts().reveal('m:A-1')).toEqual([]);
  });

  it('go with an erasure, and stay away whatever is told again', async () => {
    await ledger.fold(batch([withAddress(1, 'a@example.com')]));
    await ledger.fold(
      batch(outcomes([mapperSaid('m:A-1', { outcome: 'erased', reason: 'privacy.erased' })])),
    );
    await ledger.fold(batch([withAddress(3, 'a@example.com')]));
    expect(await contacts().reveal('m:A-1')).toEqual([]);
    expect(await database.query('select * from order_contact')).toEqual([]);
  });
});
