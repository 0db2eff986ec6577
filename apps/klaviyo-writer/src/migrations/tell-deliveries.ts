import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an order's story needs: the exchange with Klaviyo, and that the address changed after sending. */
export class TellDeliveries1764000000000 implements MigrationInterface {
  readonly name = 'TellDeliveries1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery add column exchange json');
    await runner.query('alter table buyer_event add column exchange json');
    // When the newest event was made that names another buyer than the one to whom its id has left.
    await runner.query('alter table buyer_event add column other_buyer_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table buyer_event drop column other_buyer_at, drop column exchange');
    await runner.query('alter table delivery drop column exchange');
  }
}
