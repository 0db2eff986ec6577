import type { MigrationInterface, QueryRunner } from 'typeorm';

const FINANCE = [
  // What was ordered before cancelations, and the amount without tax. A table of its own: the balance never reads it.
  `create table sales_amount (
     order_key text collate "C" primary key,
     revision integer not null,
     currency text collate "C" not null,
     ordered_minor bigint,
     without_tax_minor bigint
   )`,
  `create index ledger_refund_by_completion on ledger_refund (marketplace_id, (coalesce(completed_at, created_at)))
   where kind = 'refund' and final`,
  `create index stage_word_transaction_by_refund on stage_word (marketplace_id, (body ->> 'refundId'))
   where kind = 'transaction'`,
  // Orders that were lost before they were found: the few among the stories of all.
  `create index timeline_entry_lost on timeline_entry (order_key)
   where entry ->> 'what' in ('uncaptured', 'withheld', 'failed')`,
];

const MAPPING = [
  // The newest orders of each marketplace, without their buyers, to preview a changed mapping on.
  `create table recent_fact (
     order_key text collate "C" primary key,
     marketplace_id text collate "C" not null,
     revision integer not null,
     created_at timestamptz(3) not null,
     fact jsonb not null
   )`,
  `create index recent_fact_newest on recent_fact (marketplace_id, created_at desc, order_key desc)`,
];

const REVIEWS = [
  `create table review_signature (
     week text collate "C" primary key,
     signed_by text not null,
     signed_at timestamptz(3) not null,
     note text,
     figures jsonb not null
   )`,
  `create table review_decision (
     id text collate "C" primary key,
     week text collate "C" not null,
     text text not null,
     owner text not null,
     reason text,
     marketplace_id text,
     due_on date,
     state text not null,
     taken_by text not null,
     taken_at timestamptz(3) not null,
     closed_by text,
     closed_at timestamptz(3),
     closing_note text
   )`,
  `create index review_decision_by_week on review_decision (week)`,
  `create index review_decision_open on review_decision (week) where state = 'open'`,
];

const ALERTS = [
  `create table alert (
     cause text collate "C" primary key,
     alert jsonb not null,
     firing boolean not null,
     since timestamptz(3) not null,
     recovered_at timestamptz(3)
   )`,
  `create index alert_by_time on alert (since desc)`,
  `create table alert_told (
     cause text collate "C" not null,
     route text collate "C" not null,
     what text not null,
     told_at timestamptz(3) not null,
     primary key (cause, route)
   )`,
  `create table alert_delivery (
     id text collate "C" primary key,
     route text collate "C" not null,
     kind text not null,
     what text not null,
     causes text[] not null,
     message jsonb not null,
     created_at timestamptz(3) not null,
     attempts integer not null default 0,
     next_attempt_at timestamptz(3),
     state text not null,
     error text,
     delivered_at timestamptz(3)
   )`,
  `create index alert_delivery_waiting on alert_delivery (next_attempt_at) where state = 'waiting'`,
  `create index alert_delivery_newest on alert_delivery (created_at desc)`,
  `create table alert_run (id integer primary key check (id = 1), at timestamptz(3) not null)`,
];

const CONSENTS = [
  // How consent stood as each day ended: what Klaviyo says is only ever the present.
  `create table consent_day (
     marketplace_id text collate "C" not null,
     day date not null,
     as_of timestamptz(3),
     buyers bigint not null,
     known bigint not null,
     subscribed bigint not null,
     never_subscribed bigint not null,
     unsubscribed bigint not null,
     suppressed bigint not null,
     mailable bigint not null,
     primary key (marketplace_id, day)
   )`,
];

const OPERATIONS = [
  `create table dead_letter_replay (
     topic text collate "C" not null,
     partition integer not null,
     letter_offset bigint not null,
     replayed_by text not null,
     replayed_at timestamptz(3) not null,
     why text not null,
     primary key (topic, partition, letter_offset, replayed_at)
   )`,
];

/** What the reports keep: amounts for finance, recent orders, reviews, alerts, consent by day, replayed dead letters. */
export class AddReports1764020000000 implements MigrationInterface {
  readonly name = 'AddReports1764020000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [FINANCE, MAPPING, REVIEWS, ALERTS, CONSENTS, OPERATIONS].flat();
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table dead_letter_replay, consent_day, alert_run, alert_delivery, alert_told, alert, review_decision,
       review_signature, recent_fact, sales_amount`,
    );
    await runner.query(
      `drop index ledger_refund_by_completion, stage_word_transaction_by_refund, timeline_entry_lost`,
    );
  }
}
