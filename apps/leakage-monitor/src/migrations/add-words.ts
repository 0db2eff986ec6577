import type { MigrationInterface, QueryRunner } from 'typeorm';

// What stages say beside the fate of single orders: of one kind and subject the newest word, whole. Reports read it.
const WORDS = [
  `create table stage_word (
     kind text collate "C" not null,
     subject text collate "C" not null,
     marketplace_id text collate "C",
     at timestamptz(3) not null,
     body jsonb not null,
     primary key (kind, subject)
   )`,
  `create index stage_word_by_marketplace on stage_word (kind, marketplace_id, at desc)`,
  `create table buyer_consent (
     buyer_id text collate "C" primary key,
     as_of timestamptz(3) not null,
     email_consent text not null,
     can_receive boolean not null,
     consented_at timestamptz(3),
     suppressions jsonb not null
   )`,
];

const ORDERS = [
  `alter table ledger_order
     add column contact_class text collate "C",
     add column country text,
     add column buyer_id text collate "C",
     add column skus text[] not null default '{}',
     add column waiting_stage text collate "C"`,
  `create index ledger_order_by_buyer on ledger_order (buyer_id) where buyer_id is not null`,
  `create index ledger_order_by_sku on ledger_order using gin (skus)`,
  // Those that wait too long are looked for every few seconds.
  `create index ledger_order_under_way on ledger_order (reason, since) where bucket = 'in_flight'`,
  // Addresses as Mirakl gave them, sealed: for the one who may see them, until the person is erased.
  `create table order_contact (
     order_key text collate "C" primary key,
     revision integer not null,
     observed_at timestamptz(3) not null,
     masked jsonb not null,
     sealed text not null
   )`,
];

// Where orders went by contact class comes from the same sums as the balance, so that both always agree.
const SUMS = [
  `alter table balance_delta add column contact_class text collate "C" not null default ''`,
  `alter table balance_day add column contact_class text collate "C" not null default ''`,
  `alter table balance_day drop constraint balance_day_pkey`,
  `alter table balance_day add primary key (marketplace_id, day, kind, reason, currency, contact_class)`,
];

/** The words of the stages, consents, and what is known of each order's buyer. */
export class AddWords1764010000000 implements MigrationInterface {
  readonly name = 'AddWords1764010000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...WORDS, ...ORDERS, ...SUMS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table order_contact, buyer_consent, stage_word`);
    await runner.query(
      `alter table ledger_order drop column contact_class, drop column country, drop column buyer_id,
       drop column skus, drop column waiting_stage`,
    );
    // The changes that were not added up yet keep their amounts; only the class is forgotten.
    await runner.query(`alter table balance_delta drop column contact_class`);
    await runner.query(
      `create table balance_sum as select marketplace_id, day, kind, reason, currency, sum(orders)::bigint as orders,
         sum(minor)::bigint as minor, sum(unknown_money)::bigint as unknown_money
       from balance_day group by 1, 2, 3, 4, 5`,
    );
    await runner.query(`truncate balance_day`);
    await runner.query(`alter table balance_day drop column contact_class`);
    await runner.query(
      `alter table balance_day add primary key (marketplace_id, day, kind, reason, currency)`,
    );
    await runner.query(`insert into balance_day select * from balance_sum`);
    await runner.query(`drop table balance_sum`);
  }
}
