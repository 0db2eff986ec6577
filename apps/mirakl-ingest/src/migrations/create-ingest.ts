import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What ingest remembers. Keys, hashes and positions only: no order content and no personal data, so an erasure has
 * nothing to do here.
 */
export class CreateIngest1764000000000 implements MigrationInterface {
  readonly name = 'CreateIngest1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table captured_order (
        order_key text primary key,
        marketplace_id text not null,
        revision integer not null,
        content_hash text,
        unreadable_hash text,
        followed_at timestamptz not null default now()
      )`);
    await runner.query(`
      create index captured_order_unreadable on captured_order (marketplace_id)
      where unreadable_hash is not null`);
    await runner.query(`
      create table captured_refund (
        fact_id text primary key,
        order_key text not null,
        marketplace_id text not null,
        kind text not null,
        revision integer not null,
        content_hash text,
        final boolean not null,
        followed_at timestamptz not null default now()
      )`);
    await runner.query(`
      create index captured_refund_unfinished on captured_refund (marketplace_id, order_key)
      where kind = 'refund' and not final`);
    await runner.query(`
      create index captured_refund_unfinished_order on captured_refund (order_key)
      where kind = 'refund' and not final`);
    await runner.query(`
      create table marketplace_progress (
        marketplace_id text primary key,
        watermark timestamptz,
        history_from timestamptz,
        reading_hash text,
        scan jsonb,
        polls_completed integer not null default 0,
        published_up_to jsonb not null default '{}'
      )`);
    await runner.query(`
      create table wanted_order (
        order_key text primary key,
        marketplace_id text not null,
        command_id text not null,
        requested_at timestamptz not null
      )`);
    await runner.query(`create index wanted_order_marketplace on wanted_order (marketplace_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table wanted_order, marketplace_progress, captured_refund, captured_order');
  }
}
