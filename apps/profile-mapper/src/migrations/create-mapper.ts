import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys are compared byte by byte (collation "C"), so that every replica locks rows in the same order. Facts are `json`
 * and not `jsonb`: they are only ever read whole, and `json` keeps any text that a marketplace may send.
 */
const STATEMENTS = [
  `
  create table order_fact (
    order_key text collate "C" primary key,
    fact json,
    buyer_revision bigint not null default 0,
    memory json,
    outcome text,
    reason text,
    buyer_id text collate "C",
    contact_buyer_id text collate "C",
    erased_at timestamptz
  )`,
  'create index order_fact_buyer on order_fact (buyer_id) where buyer_id is not null',
  'create index order_fact_contact on order_fact (contact_buyer_id) where contact_buyer_id is not null',
  `
  create table change_fact (
    fact_id text collate "C" primary key,
    order_key text collate "C" not null,
    fact json not null,
    first_observed_at timestamptz not null
  )`,
  'create index change_fact_order on change_fact (order_key)',
  `
  create table contact_claim (
    command_id text collate "C" primary key,
    order_key text collate "C" not null,
    buyer_id text collate "C" not null,
    email text not null,
    source text not null,
    requested_by text not null,
    requested_at timestamptz not null
  )`,
  'create index contact_claim_order on contact_claim (order_key)',
  'create index contact_claim_buyer on contact_claim (buyer_id)',
  `
  create table sale (
    order_key text collate "C" primary key,
    buyer_id text collate "C" not null,
    marketplace_id text collate "C" not null,
    placed_at timestamptz not null,
    gross_minor bigint,
    refunded_minor bigint not null,
    cancelled_minor bigint not null,
    complete boolean not null,
    channel text collate "C" not null,
    country text collate "C",
    skus text[] collate "C" not null,
    product_titles text[] collate "C" not null,
    refunded_skus text[] collate "C" not null,
    last_refund_at timestamptz,
    last_cancel_at timestamptz,
    review_request_allowed boolean not null,
    person jsonb not null
  )`,
  'create index sale_buyer on sale (buyer_id)',
  `
  create table buyer (
    buyer_id text collate "C" primary key,
    version bigint not null default 0,
    profile json,
    erased_at timestamptz
  )`,
];

export class CreateMapper1763950000000 implements MigrationInterface {
  readonly name = 'CreateMapper1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table buyer, sale, contact_claim, change_fact, order_fact');
  }
}
