import type { MigrationInterface, QueryRunner } from 'typeorm';

// A million orders are 1.5 GB of rows; what is asked again and again must not read them all.
const UP = [
  // What a month, a channel or the last weeks come to is read from this index alone, without the rows.
  `drop index ledger_order_newest`,
  `create index ledger_order_newest on ledger_order (created_at desc nulls last, order_key desc)
   include (marketplace_id, bucket, reason, since, currency, amount_minor, channel, contact_class, country)`,
  // Also counts the buyers of each marketplace.
  `drop index ledger_order_by_buyer`,
  `create index ledger_order_by_buyer on ledger_order (buyer_id, marketplace_id) include (bucket)
   where buyer_id is not null`,
  // Throughput of the last hour, which may be the hour of a backfill.
  `create index timeline_entry_captured on timeline_entry (at) where entry ->> 'what' = 'order'`,
  `create index timeline_entry_verified on timeline_entry (at) where entry ->> 'what' = 'verified'`,
  // Events are written in the order of their time.
  `create index exception_event_by_time on exception_event using brin (at)
   with (pages_per_range = 32, autosummarize = on)`,
];

const DOWN = [
  `drop index exception_event_by_time, timeline_entry_verified, timeline_entry_captured, ledger_order_by_buyer,
   ledger_order_newest`,
  `create index ledger_order_by_buyer on ledger_order (buyer_id) where buyer_id is not null`,
  `create index ledger_order_newest on ledger_order (created_at desc nulls last, order_key desc)`,
];

/** Indexes for what reports, the desk and the loops ask of a large ledger. */
export class AddIndexes1764040000000 implements MigrationInterface {
  readonly name = 'AddIndexes1764040000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
