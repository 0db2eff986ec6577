import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which phone number of a buyer Klaviyo did not take (a mark of it, not the number), so that it is not sent again. */
export class RememberDroppedPhones1764030000000 implements MigrationInterface {
  readonly name = 'RememberDroppedPhones1764030000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table profile_sent add column dropped_phone text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table profile_sent drop column dropped_phone');
  }
}
