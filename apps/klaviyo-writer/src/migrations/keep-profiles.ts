import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Profiles beside events: upserts, consent, the budget of new profiles, erasure; and what is said of the account. */
export class KeepProfiles1764010000000 implements MigrationInterface {
  readonly name = 'KeepProfiles1764010000000';

  async up(runner: QueryRunner): Promise<void> {
    // The profile itself is kept only until an event, or an upsert, has carried it.
    await runner.query(`
      create table buyer_profile (
        buyer_id text primary key,
        version bigint not null,
        email text not null,
        profile json,
        due_at timestamptz,
        consent_hash text,
        consent_read_at timestamptz
      ) with (fillfactor = 70)`);
    await runner.query(
      'create index buyer_profile_to_look_at on buyer_profile (due_at) where due_at is not null',
    );
    await runner.query(
      'create index buyer_profile_by_consent on buyer_profile (consent_read_at nulls first)',
    );
    await runner.query(`
      create table erased_buyer (
        buyer_id text primary key,
        erased_at timestamptz not null,
        done boolean not null,
        detail text not null
      )`);
    await runner.query(`
      create table new_profile (
        buyer_id text primary key,
        made_on date not null
      )`);
    await runner.query('create index new_profile_by_day on new_profile (made_on)');
    await runner.query(
      'alter table profile_sent add column first_at timestamptz not null default clock_timestamp()',
    );
    await runner.query('create index profile_sent_by_time on profile_sent (first_at)');
    await runner.query(`
      create table metric_count (
        metric text not null,
        day date not null,
        klaviyo_events bigint not null,
        klaviyo_value numeric not null,
        delivered_events bigint not null,
        delivered_value numeric not null,
        primary key (metric, day)
      )`);
    await runner.query('alter table delivery add column value numeric');
    await runner.query(`create index delivery_in_doubt on delivery (state) where state = 'in_doubt'`);
    await runner.query(`alter table buyer_event drop constraint buyer_event_word_check`);
    await runner.query(`alter table buyer_event add constraint buyer_event_word_check
      check (word in ('accepted', 'verified', 'failed', 'withheld', 'erased'))`);
    await runner.query(`create index buyer_event_parked on buyer_event (updated_at)
      where reason = 'policy.profile_budget'`);
    await runner.query(`
      alter table account_limit
        add column minute timestamptz not null default '-infinity',
        add column used integer not null default 0,
        add column used_before integer not null default 0,
        add column frozen_until timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table account_limit
      drop column minute, drop column used, drop column used_before, drop column frozen_until`);
    await runner.query('drop index buyer_event_parked, delivery_in_doubt, profile_sent_by_time');
    await runner.query('alter table delivery drop column value');
    await runner.query('alter table profile_sent drop column first_at');
    await runner.query('drop table metric_count, new_profile, erased_buyer, buyer_profile');
  }
}
