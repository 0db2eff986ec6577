import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the slow loop stands: the sweep by creation date, and the returns, which have a list of their own. */
export class AddSweep1764100000000 implements MigrationInterface {
  readonly name = 'AddSweep1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table marketplace_sweep (
        marketplace_id text primary key,
        swept_at timestamptz not null,
        under_way jsonb,
        returns_watermark timestamptz,
        returns_read_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table marketplace_sweep');
  }
}
