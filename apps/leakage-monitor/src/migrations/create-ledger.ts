import type { MigrationInterface, QueryRunner } from 'typeorm';

// Keys are compared byte by byte (collate "C"): that is faster, gives prefix search on a plain index, and sorts the
// same on every machine.

const ORDERS = [
  `create table ledger_order (
     order_key text collate "C" primary key,
     marketplace_id text collate "C" not null,
     order_id text collate "C" not null,
     commercial_id text collate "C",
     order_state text,
     channel text,
     created_at timestamptz(3),
     bucket text collate "C",
     reason text collate "C",
     since timestamptz(3),
     amount_minor bigint,
     currency text collate "C",
     in_source boolean not null default false,
     source_minor bigint,
     source_currency text collate "C",
     said jsonb
   ) with (fillfactor = 85)`,
  `create index ledger_order_by_creation on ledger_order (marketplace_id, created_at desc, order_key desc)`,
  `create index ledger_order_newest on ledger_order (created_at desc nulls last, order_key desc)`,
  `create index ledger_order_by_number on ledger_order (upper(order_id))`,
  `create index ledger_order_by_basket on ledger_order (upper(commercial_id)) where commercial_id is not null`,
  // The lists behind a bucket or a reason, and the oldest of each; verified orders are the many.
  `create index ledger_order_not_verified on ledger_order (bucket, reason, marketplace_id, since)
   where bucket <> 'verified'`,
  `create table ledger_refund (
     fact_id text collate "C" primary key,
     order_key text collate "C" not null,
     marketplace_id text collate "C" not null,
     kind text not null,
     refund_id text not null,
     line_id text,
     revision integer not null,
     observed_at timestamptz(3) not null,
     state text,
     final boolean not null,
     amount_minor bigint,
     currency text collate "C",
     quantity integer,
     reason_code text,
     created_at timestamptz(3) not null,
     completed_at timestamptz(3)
   )`,
  `create index ledger_refund_by_order on ledger_refund (order_key)`,
];

const STORIES = [
  `create table timeline_entry (
     order_key text collate "C" not null,
     entry_id text collate "C" not null,
     at timestamptz(3) not null,
     entry jsonb not null,
     primary key (order_key, entry_id)
   )`,
  // An outcome that names no order, such as a record that nobody could read: kept, so that nothing goes unseen.
  `create table unplaced_outcome (
     outcome_id text collate "C" primary key,
     at timestamptz(3) not null,
     stage text not null,
     reason text,
     detail text
   )`,
];

const SUM_COLUMNS = `
  marketplace_id text collate "C" not null,
  day date not null,
  kind text collate "C" not null,
  reason text collate "C" not null,
  currency text collate "C" not null,
  orders bigint not null,
  minor bigint not null,
  unknown_money bigint not null`;

// What orders add up to, per day of creation. balance_delta takes the changes, which never wait for one another;
// balance_day is what they have been added up to. The sums are those of both.
const SUMS = [
  `create table balance_day (${SUM_COLUMNS}, primary key (marketplace_id, day, kind, reason, currency))
   with (fillfactor = 70)`,
  `create table balance_delta (${SUM_COLUMNS})`,
];

const SOURCES = [
  `create table source_state (marketplace_id text collate "C" primary key, state jsonb)`,
  `create table folded_position (
     topic text collate "C" not null,
     partition integer not null,
     next_offset bigint not null,
     primary key (topic, partition)
   )`,
];

/** The ledger: orders and their refunds, their stories, the sums of the balance, and what the sources said. */
export class CreateLedger1763980000000 implements MigrationInterface {
  readonly name = 'CreateLedger1763980000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ORDERS, ...STORIES, ...SUMS, ...SOURCES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table folded_position, source_state, balance_delta, balance_day, unplaced_outcome, timeline_entry,
       ledger_refund, ledger_order`,
    );
  }
}
