import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // Marks of the people who ordered with a buyer's address, by marketplace.
  'alter table buyer add column people json',
  // Properties that the attribute mapping gives to the profile.
  "alter table sale add column attributes json not null default '{}'",
  `create index sale_phone on sale ((person->>'phone')) where person->>'phone' is not null`,
  // Orders that a change of the policy may release.
  `create index order_fact_held on order_fact (order_key)
   where outcome in ('uncaptured', 'withheld') or reason = 'mapping.no_rate'`,
  // What is to be judged again, and how far that has come.
  `
  create table reevaluation (
    kind text collate "C" not null,
    subject text collate "C" not null,
    policy_hash text,
    after_key text collate "C" not null default '',
    page text[],
    requested_at timestamptz not null default now(),
    primary key (kind, subject)
  )`,
  // The policy of each marketplace as it was last applied.
  'create table applied_policy (marketplace_id text collate "C" primary key, policy_hash text not null)',
  // Counted by batches, and folded into the table below by one replica: a row that every batch writes would make them wait.
  `
  create table coverage_delta (
    marketplace_id text collate "C" not null,
    field text collate "C" not null,
    value text collate "C" not null,
    orders integer not null,
    not_convertible integer not null,
    money_minor bigint not null,
    example text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null
  )`,
  `
  create table field_coverage (
    marketplace_id text collate "C" not null,
    field text collate "C" not null,
    value text collate "C" not null,
    orders bigint not null,
    not_convertible bigint not null,
    money_minor bigint not null,
    example text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    orders_of_marketplace bigint not null default 0,
    published_orders bigint not null default 0,
    published_finding text,
    primary key (marketplace_id, field, value)
  )`,
];

export class JudgeAgain1764010000000 implements MigrationInterface {
  readonly name = 'JudgeAgain1764010000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table field_coverage, coverage_delta, applied_policy, reevaluation');
    await runner.query('drop index order_fact_held, sale_phone');
    await runner.query('alter table sale drop column attributes');
    await runner.query('alter table buyer drop column people');
  }
}
