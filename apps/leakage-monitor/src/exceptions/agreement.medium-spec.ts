// real: [PostgreSQL], double: []
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUCKETS } from '@watertight/contracts';
import { createDatabase, type Database, runMigrations } from '@watertight/postgres';
import { systemClock } from '@watertight/service';
import { createTestSchema, testStack, type TestSchema } from '@watertight/testing';
import fc from 'fast-check';
import { ContactVault } from '../contacts/contact-vault.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import type { LedgerMessage } from '../ledger/stage-batch.ts';
import { monitorMigrations } from '../migrations/monitor-migrations.ts';
import { ingestSaid, mapperSaid, orderFact, sighting, writerSaid } from '../testing.fixture.ts';
import { APART_REASONS, raisingOf } from './cause.ts';
import { agreePage, raiseLate } from './late.store.ts';

/** Later than any due time of what the fixtures say. */
const LATE = new Date('2027-06-01T00:00:00Z');

let schema: TestSchema;
let database: Database;
let ledger: LedgerStore;

beforeAll(async () => {
  const { databaseUrl } = testStack();
  schema = await createTestSchema(databaseUrl, { create: false });
  database = createDatabase({ url: databaseUrl, schema: schema.schema, migrations: monitorMigrations });
  await runMigrations(database);
  ledger = new LedgerStore({ database, vault: new ContactVault('k'.repeat(32)), clock: systemClock });
});

afterAll(async () => {
  await database?.close();
  await schema?.drop();
});

const amounts = [
  null,
  { amount: '49.90', currency: 'EUR' },
  { amount: '20.00', currency: 'EUR' },
  { amount: '7', currency: 'JPY' },
];

type Tell = (orderKey: string) => LedgerMessage;

/** Everything that can be said of one order, with clashes of revision and time. */
const anyTelling: fc.Arbitrary<Tell> = (() => {
  const revision = fc.integer({ min: 1, max: 3 });
  const at = fc.constantFrom('2026-03-02T10:00:00Z', '2026-03-02T10:00:00.500Z', '2026-03-03T10:00:00Z');
  const amount = fc.constantFrom(...amounts);
  const order = fc
    .record({ revision, observedAt: at, amount })
    .map((fields): Tell => (key) => ({ kind: 'order', fact: orderFact(key, fields) }));
  const seen = fc
    .record({ at, amount })
    .map((fields): Tell => (key) => ({ kind: 'outcome', outcome: sighting(key, fields) }));
  const mapper = fc
    .record({
      revision,
      at,
      said: fc.constantFrom(
        { outcome: 'mapped' as const, reason: null },
        { outcome: 'mapped' as const, reason: 'mapping.no_rate' as const },
        { outcome: 'uncaptured' as const, reason: 'contact.absent' as const },
        { outcome: 'uncaptured' as const, reason: 'contact.relay' as const },
        { outcome: 'not_a_sale' as const, reason: 'mapping.refused' as const },
        { outcome: 'failed' as const, reason: 'mapping.not_convertible' as const },
      ),
    })
    .map(({ said, ...fields }): Tell => (key) => ({
      kind: 'outcome',
      outcome: mapperSaid(key, {
        ...fields,
        ...said,
        eventIds: said.outcome === 'mapped' ? [`${key}:placed`] : [],
      }),
    }));
  const writer = fc
    .record({
      revision,
      at,
      said: fc.constantFrom(
        { outcome: 'accepted' as const },
        { outcome: 'verified' as const },
        { outcome: 'failed' as const, reason: 'klaviyo.rejected' as const },
        { outcome: 'erased' as const, reason: 'privacy.erased' as const },
      ),
    })
    .map(({ said, ...fields }): Tell => (key) => ({
      kind: 'outcome',
      outcome: writerSaid(key, 'placed', { ...fields, ...said }),
    }));
  const ingest = fc
    .record({ revision, at, outcome: fc.constantFrom('captured' as const, 'failed' as const) })
    .map((fields): Tell => (key) => ({ kind: 'outcome', outcome: ingestSaid(key, fields) }));
  return fc.oneof(order, seen, mapper, writer, ingest);
})();

/** Batches of what is told of three orders. */
const anyHistory = fc.array(
  fc.array(fc.record({ order: fc.nat({ max: 2 }), tell: anyTelling }), { minLength: 1, maxLength: 4 }),
  { minLength: 1, maxLength: 6 },
);

interface OrderRow {
  readonly order_key: string;
  readonly bucket: (typeof BUCKETS)[number] | null;
  readonly reason: string | null;
  readonly in_source: boolean;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly source_minor: string | null;
  readonly source_currency: string | null;
}

interface CaseRow {
  readonly order_key: string;
  readonly reason: string;
  readonly bucket: string | null;
  readonly amount_minor: string | null;
}

const ordersOf = (keys: readonly string[]) =>
  database.query<OrderRow>(
    `select order_key, bucket, reason, in_source, amount_minor::text, currency, source_minor::text, source_currency
     from ledger_order where order_key = any($1::text[]) order by order_key`,
    [keys],
  );

const openOf = (keys: readonly string[]) =>
  database.query<CaseRow>(
    `select order_key, reason, bucket, amount_minor::text from exception_case
     where order_key = any($1::text[]) and state <> 'resolved' order by order_key, reason`,
    [keys],
  );

/**
 * What the desk must hold, told by the columns that the lists and the balance are read from. What the mapper remarks of
 * an order that goes on stands in no column; such exceptions are held against the order's bucket only.
 */
function demanded(row: OrderRow): readonly string[] {
  if (row.bucket === 'erased') return [];
  const standing =
    row.reason !== null && row.bucket !== null && raisingOf(row.reason, row.bucket) !== 'never'
      ? [row.reason]
      : [];
  if (!row.in_source) return standing;
  if (row.bucket === null) return [...standing, 'balance.not_captured'];
  const same = row.amount_minor === row.source_minor && row.currency === row.source_currency;
  return same ? standing : [...standing, 'balance.amount_differs'];
}

const REMARK = 'mapping.no_rate';

async function expectAgreement(keys: readonly string[]): Promise<void> {
  const orders = await ordersOf(keys);
  const open = await openOf(keys);
  for (const row of orders) {
    const own = open.filter(({ order_key: key }) => key === row.order_key);
    const reasons = own.map(({ reason }) => reason).filter((reason) => reason !== REMARK);
    expect([row.order_key, reasons.sort()]).toEqual([row.order_key, [...demanded(row)].sort()]);
    for (const { reason, bucket, amount_minor: minor } of own) {
      const apart = APART_REASONS.some((one) => one === reason);
      expect(minor).toBe(apart ? row.source_minor : row.amount_minor);
      expect(bucket).toBe(row.bucket);
    }
    if (row.bucket === 'erased') expect(own).toEqual([]);
  }
  expect(open.filter(({ order_key: key }) => !orders.some((row) => row.order_key === key))).toEqual([]);
}

async function agreeAll(): Promise<void> {
  let page: string | undefined = '';
  while (page !== undefined) {
    const from: string = page;
    page = await database.transaction((transaction) => agreePage(transaction, from, LATE));
  }
}

describe('ledger and desk', () => {
  it('agree after any sequence of facts and outcomes, and a look at the whole changes nothing', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(anyHistory, async (batches) => {
        run += 1;
        const keys = [0, 1, 2].map((order) => `m:R${run}-${order}`);
        for (const [index, told] of batches.entries()) {
          await ledger.fold({
            topic: 'sync.outcomes.v1',
            partition: 0,
            nextOffset: String(index + 1),
            messages: told.map(({ order, tell }) => tell(keys[order] ?? '')),
          });
          // As the timer does at any moment; what it raised must go when its cause goes.
          if (index % 2 === 0) await database.transaction((transaction) => raiseLate(transaction, LATE));
        }
        await database.transaction((transaction) => raiseLate(transaction, LATE));
        await expectAgreement(keys);
        const before = await openOf(keys);
        await agreeAll();
        expect(await openOf(keys)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('regression: an exception that was raised because it lasts follows its order to another amount', async () => {
    const key = 'm:L-1';
    const captured = (revision: number, amount: string): LedgerMessage => ({
      kind: 'order',
      fact: orderFact(key, { revision, amount: { amount, currency: 'EUR' } }),
    });
    const batch = { topic: 'mirakl.orders.v1', partition: 0, nextOffset: '1' };
    await ledger.fold({ ...batch, messages: [captured(1, '49.90')] });
    await database.transaction((transaction) => raiseLate(transaction, LATE));
    expect(await openOf([key])).toMatchObject([{ reason: 'mapping.pending', amount_minor: '4990' }]);
    await ledger.fold({ ...batch, messages: [captured(2, '20.00')] });
    expect(await openOf([key])).toMatchObject([{ reason: 'mapping.pending', amount_minor: '2000' }]);
  });

  it('regression: what the mapper remarks of an order under way is raised though the order is late already', async () => {
    const key = 'm:L-2';
    const said = (revision: number, reason: 'mapping.no_rate' | null): LedgerMessage => ({
      kind: 'outcome',
      outcome: mapperSaid(key, { outcome: 'mapped', reason, revision, eventIds: [`${key}:placed`] }),
    });
    const batch = { topic: 'sync.outcomes.v1', partition: 0, nextOffset: '1' };
    await ledger.fold({ ...batch, messages: [{ kind: 'order', fact: orderFact(key) }, said(1, null)] });
    await database.transaction((transaction) => raiseLate(transaction, LATE));
    await ledger.fold({ ...batch, messages: [said(2, 'mapping.no_rate')] });
    expect((await openOf([key])).map(({ reason }) => reason)).toEqual(['klaviyo.pending', 'mapping.no_rate']);
  });

  it('agree again after the desk alone was changed', async () => {
    const keys = ['m:D-1', 'm:D-2'];
    await ledger.fold({
      topic: 'sync.outcomes.v1',
      partition: 0,
      nextOffset: '1',
      messages: keys.flatMap((key): LedgerMessage[] => [
        { kind: 'order', fact: orderFact(key) },
        { kind: 'outcome', outcome: mapperSaid(key, { outcome: 'uncaptured', reason: 'contact.absent' }) },
      ]),
    });
    await expectAgreement(keys);
    await database.execute(`delete from exception_case where order_key = 'm:D-1'`);
    await database.execute(`update exception_case set id = 'another', reason = 'klaviyo.rejected'
      where order_key = 'm:D-2'`);
    await expect(expectAgreement(keys)).rejects.toThrow();
    await agreeAll();
    await expectAgreement(keys);
  });
});
