import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeliveryLedger1763950000000 implements MigrationInterface {
  readonly name = 'CreateDeliveryLedger1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    // The payload is personal data: it is there to send an event again, and is cleared once that cannot be needed.
    await runner.query(`
      create table buyer_event (
        event_id text primary key,
        order_key text not null,
        buyer_id text not null,
        parts integer not null,
        payload json,
        word text check (word in ('accepted', 'verified', 'failed', 'withheld')),
        reason text,
        detail text,
        revision integer not null default 0,
        updated_at timestamptz not null
      )`);
    await runner.query(`
      create index buyer_event_by_order on buyer_event (order_key)`);
    await runner.query(`
      create table delivery (
        metric text not null,
        unique_id text not null,
        event_id text not null,
        buyer_id text not null,
        occurred_at timestamptz not null,
        state text not null check (state in ('claimed', 'accepted', 'verified', 'rejected', 'in_doubt')),
        route text not null check (route in ('single', 'bulk')),
        attempts integer not null default 1,
        resends integer not null default 0,
        looks integer not null default 0,
        claimed_at timestamptz not null,
        accepted_at timestamptz,
        look_at timestamptz,
        reason text,
        detail text,
        primary key (metric, unique_id)
      ) with (fillfactor = 70)`);
    await runner.query('create index delivery_by_event on delivery (event_id)');
    await runner.query('create index delivery_to_look_at on delivery (look_at) where look_at is not null');
    await runner.query(`
      create table profile_sent (
        buyer_id text primary key,
        version bigint not null
      ) with (fillfactor = 70)`);
    await runner.query(`
      create table account_limit (
        route text primary key,
        next_at timestamptz not null,
        epoch integer not null default 0
      ) with (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table account_limit, profile_sent, delivery, buyer_event');
  }
}
