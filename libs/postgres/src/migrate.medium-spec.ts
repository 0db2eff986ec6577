// real: [postgres], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError, RetryableError } from '@watertight/service';
import { createTestSchema, type TestSchema, testStack } from '@watertight/testing';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

import { type MigrationClass } from './data-source.ts';
import { createDatabase, type Database } from './database.ts';
import { assertMigrated, pendingMigrations, runMigrations } from './migrate.ts';

const { databaseUrl } = testStack();
const opened: Database[] = [];
let schema: TestSchema;

class CreateFact1700000000001 implements MigrationInterface {
  readonly name = 'CreateFact1700000000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table fact (id text primary key)');
  }
  async down(): Promise<void> {}
}

class AddTotal1700000000002 implements MigrationInterface {
  readonly name = 'AddTotal1700000000002';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table fact add total bigint');
  }
  async down(): Promise<void> {}
}

class Broken1700000000003 implements MigrationInterface {
  readonly name = 'Broken1700000000003';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table half (id text)');
    await runner.query('alter table no_such_table add total bigint');
  }
  async down(): Promise<void> {}
}

function open(migrations: readonly MigrationClass[], url = databaseUrl): Database {
  const database = createDatabase({ url, schema: schema.schema, migrations });
  opened.push(database);
  return database;
}

beforeEach(async () => {
  schema = await createTestSchema(databaseUrl, { create: false });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await schema.drop();
});

describe('runMigrations', () => {
  it('makes the schema, runs what is new in order, and nothing twice', async () => {
    expect(await runMigrations(open([CreateFact1700000000001]))).toEqual(['CreateFact1700000000001']);
    const grown = open([AddTotal1700000000002, CreateFact1700000000001]);
    expect(await runMigrations(grown)).toEqual(['AddTotal1700000000002']);
    expect(await runMigrations(grown)).toEqual([]);
    expect(await grown.execute("insert into fact (id, total) values ('a', 1)")).toBe(1);
  });

  it('is run by one of several replicas that start together', async () => {
    const replicas = [1, 2, 3, 4].map(() => open([CreateFact1700000000001, AddTotal1700000000002]));
    const ran = await Promise.all(replicas.map((replica) => runMigrations(replica)));
    expect(ran.map(({ length }) => length).sort()).toEqual([0, 0, 0, 2]);
  });

  it('lets the version before run on the schema of the version after, as in a rollback', async () => {
    await runMigrations(open([CreateFact1700000000001, AddTotal1700000000002]));
    const before = open([CreateFact1700000000001]);
    expect(await runMigrations(before)).toEqual([]);
    await assertMigrated(before);
    expect(await before.execute("insert into fact (id) values ('a')")).toBe(1);
  });

  it('keeps what came before a broken one, nothing of it, and lets the next try begin', async () => {
    const broken = open([CreateFact1700000000001, Broken1700000000003]);
    await expect(runMigrations(broken)).rejects.toThrow(/no_such_table/);
    expect(await broken.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
    expect(await pendingMigrations(broken)).toEqual(['Broken1700000000003']);
    await expect(runMigrations(broken)).rejects.toThrow(/no_such_table/);
  });

  it('gives up waiting for another one that does not end', async () => {
    const other = open([]);
    await other.transaction(async (transaction) => {
      await transaction.query(
        "select pg_advisory_xact_lock(hashtext('watertight.migrations'), hashtext($1))",
        [schema.schema],
      );
      const waiting = runMigrations(open([CreateFact1700000000001]), { lockTimeoutMs: 50 });
      await expect(waiting).rejects.toBeInstanceOf(RetryableError);
    });
  });

  it('says that the database is missing', async () => {
    const url = new URL(databaseUrl);
    url.pathname = '/no_such_test';
    const migration = runMigrations(open([], url.href));
    await expect(migration).rejects.toBeInstanceOf(ConfigError);
  });
});

describe('pendingMigrations', () => {
  it('lists what has not run, also before there is anything', async () => {
    const database = open([CreateFact1700000000001, AddTotal1700000000002]);
    expect(await pendingMigrations(database)).toEqual(['CreateFact1700000000001', 'AddTotal1700000000002']);
    await expect(assertMigrated(database)).rejects.toThrow(
      /lacks the migrations CreateFact1700000000001, Add/,
    );
    await runMigrations(database);
    expect(await pendingMigrations(database)).toEqual([]);
    await assertMigrated(database);
  });
});
