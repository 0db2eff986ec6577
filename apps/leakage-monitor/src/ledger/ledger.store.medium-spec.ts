// real: [PostgreSQL], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDatabase, type Database, runMigrations } from '@watertight/postgres';
import { createTestSchema, testStack, type TestSchema } from '@watertight/testing';
import { BalanceStore } from '../balance/balance.store.ts';
import { CreateLedger1763980000000 } from '../migrations/create-ledger.ts';
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
    migrations: [CreateLedger1763980000000],
  });
  await runMigrations(database);
  ledger = new LedgerStore(database);
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
