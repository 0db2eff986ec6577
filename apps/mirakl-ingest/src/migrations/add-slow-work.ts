import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sweeps on demand, unknown values, what the marketplace was set up as, transaction lines and backfills. */
export class AddSlowWork1764200000000 implements MigrationInterface {
  readonly name = 'AddSlowWork1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table unknown_value (
        marketplace_id text not null,
        field text not null,
        value text not null,
        seen integer not null,
        told integer not null,
        primary key (marketplace_id, field, value)
      )`);
    await runner.query(`
      create table sweep_request (
        command_id text primary key,
        marketplace_id text not null,
        since timestamptz not null,
        until timestamptz not null,
        requested_at timestamptz not null
      )`);
    await runner.query(`create index sweep_request_marketplace on sweep_request (marketplace_id)`);
    await runner.query(`
      create table marketplace_setting (
        marketplace_id text primary key,
        confirmed jsonb,
        confirmed_for text,
        changed text,
        checked_at timestamptz,
        check_wanted boolean not null default false
      )`);
    await runner.query(`
      alter table marketplace_sweep
        add column transactions_watermark timestamptz,
        add column transactions_read_at timestamptz`);
    await runner.query(`
      create table backfill (
        backfill_id text primary key,
        marketplace_id text not null,
        since timestamptz not null,
        until timestamptz not null,
        dry_run boolean not null,
        requested_by text not null,
        requested_at timestamptz not null,
        state text not null,
        told text,
        reading_hash text,
        progress jsonb,
        detail text
      )`);
    await runner.query(`
      create index backfill_open on backfill (marketplace_id, requested_at)
      where state in ('queued', 'running', 'waiting', 'paused')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table backfill, marketplace_setting, sweep_request, unknown_value');
    await runner.query(
      'alter table marketplace_sweep drop column transactions_watermark, drop column transactions_read_at',
    );
  }
}
