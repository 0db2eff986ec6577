import type { MigrationInterface, QueryRunner } from 'typeorm';

const DESK = [
  // One per cause and what it is about; the id is made from both, so that raising it twice is raising it once.
  `create table exception_case (
     id text collate "C" primary key,
     about text collate "C" not null,
     reason text collate "C" not null,
     origin text collate "C" not null,
     marketplace_id text collate "C",
     order_key text collate "C",
     bucket text collate "C",
     stage text collate "C",
     owner text collate "C" not null,
     urgency smallint not null,
     state text collate "C" not null,
     detail text,
     amount_minor bigint,
     currency text collate "C",
     orders bigint not null default 1,
     since timestamptz(3) not null,
     opened_at timestamptz(3) not null,
     due_at timestamptz(3),
     assignee text,
     accepted_why text,
     snoozed_until timestamptz(3),
     resolved_at timestamptz(3),
     resolved_by text,
     occurrences integer not null default 1,
     replays integer not null default 0,
     replayed_at timestamptz(3),
     replayed_by text,
     replayed_what text
   ) with (fillfactor = 85)`,
  `create index exception_case_of_order on exception_case (order_key) where order_key is not null`,
  `create index exception_case_by_group on exception_case (reason, marketplace_id, state)`,
  `create index exception_case_active on exception_case ((coalesce(due_at, 'infinity'::timestamptz)), id)
   where state in ('open', 'assigned')`,
  `create index exception_case_from_sources on exception_case (origin) where origin <> 'ledger' and state <> 'resolved'`,
  `create index exception_case_snoozed on exception_case (snoozed_until) where state = 'snoozed'`,
  `create index exception_case_resolved on exception_case (resolved_at) where state = 'resolved'`,
  `create table exception_event (
     event_id bigint generated always as identity primary key,
     exception_id text collate "C" not null,
     at timestamptz(3) not null,
     actor text not null,
     what text not null,
     why text
   )`,
  `create index exception_event_of on exception_event (exception_id, event_id desc)`,
  // In which weeks (their Mondays, UTC) a reason came up at a marketplace: what keeps coming back is marked.
  `create table exception_week (
     reason text collate "C" not null,
     marketplace_id text collate "C" not null,
     week date not null,
     primary key (reason, marketplace_id, week)
   )`,
  // The ones that the timer looks at: shown by Mirakl and not captured, or shown with another amount than captured.
  `create index ledger_order_apart on ledger_order (order_key)
   where in_source and (bucket is null or source_minor is distinct from amount_minor
     or source_currency is distinct from currency)`,
];

const SOURCES = [
  // How each marketplace was set up when it was last looked at: a change is news.
  `create table settings_known (
     marketplace_id text collate "C" primary key,
     at timestamptz(3) not null,
     body jsonb not null
   )`,
];

const COMMANDS = [
  `create table sent_command (
     command_id text collate "C" primary key,
     type text collate "C" not null,
     about text collate "C" not null,
     marketplace_id text collate "C",
     requested_by text not null,
     requested_at timestamptz(3) not null,
     why text not null,
     published_at timestamptz(3),
     body jsonb not null
   )`,
  `create index sent_command_newest on sent_command (type, requested_at desc, command_id desc)`,
  `create index sent_command_waiting on sent_command (requested_at) where published_at is null`,
  `create table contact_claim (
     claim_id text collate "C" primary key,
     order_key text collate "C" not null,
     masked text not null,
     source text not null,
     requested_by text not null,
     requested_at timestamptz(3) not null,
     published_at timestamptz(3)
   )`,
  `create index contact_claim_newest on contact_claim (requested_at desc, claim_id desc)`,
  `create index contact_claim_of_order on contact_claim (order_key)`,
  `create table audit_entry (
     entry_id bigint generated always as identity primary key,
     at timestamptz(3) not null,
     actor text not null,
     role text not null,
     action text collate "C" not null,
     about text,
     why text,
     detail jsonb not null default '{}'
   )`,
  `create index audit_entry_about on audit_entry (about, entry_id desc)`,
];

/** The exceptions desk, the commands that were sent, and who did what. */
export class AddExceptions1764030000000 implements MigrationInterface {
  readonly name = 'AddExceptions1764030000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...DESK, ...SOURCES, ...COMMANDS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ledger_order_apart`);
    await runner.query(
      `drop table audit_entry, contact_claim, sent_command, settings_known, exception_week, exception_event,
       exception_case`,
    );
  }
}
