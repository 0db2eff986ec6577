import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // The currency that all sums are kept in; at most one row.
  `
  create table kept_currency (
    only_row boolean primary key default true check (only_row),
    currency text not null
  )`,
  // A system that is in use already: its profiles say it.
  `insert into kept_currency (currency)
   select profile->'gross'->>'currency' from buyer where profile is not null limit 1`,
];

export class KeepCurrency1764050000000 implements MigrationInterface {
  readonly name = 'KeepCurrency1764050000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table kept_currency');
  }
}
