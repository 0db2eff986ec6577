import { RetryableError } from '@watertight/service';
import { MigrationExecutor, type QueryRunner } from 'typeorm';

import { classifyConnectError, classifyError, codeOf } from './classify-error.ts';
import { migrationDataSource } from './data-source.ts';
import { type Database } from './database.ts';

/** How long to wait for another replica that is migrating, or for a table that a migration needs alone. */
const LOCK_TIMEOUT_MS = 5 * 60_000;

/**
 * Makes the schema if there is none and runs the migrations that it has not seen, each in a transaction of its own.
 * An advisory lock lets only one replica do it at a time; the others wait and then find nothing to do.
 * Returns the names of those it ran. Errors as in Database; a lock that stays taken is a RetryableError.
 */
export async function runMigrations(
  database: Database,
  { lockTimeoutMs = LOCK_TIMEOUT_MS } = {},
): Promise<readonly string[]> {
  const { options, schema } = database;
  const dataSource = migrationDataSource(options, lockTimeoutMs);
  try {
    await dataSource.initialize();
  } catch (error) {
    throw classifyConnectError(error, options.url);
  }
  const runner = dataSource.createQueryRunner();
  try {
    await lock(runner, schema);
    await createSchema(runner, schema);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    const ran = await executor.executePendingMigrations();
    return ran.map(({ name }) => name);
  } catch (error) {
    throw classifyError(error);
  } finally {
    // The lock belongs to the connection and ends with it.
    await runner.release();
    await dataSource.destroy();
  }
}

/** Names of the migrations that have not run yet, for the readiness check `migrations`. */
export async function pendingMigrations(database: Database): Promise<readonly string[]> {
  const wanted = database.options.migrations.map((migration) => new migration().name ?? migration.name);
  const [table] = await database.query<{ exists: boolean }>(
    `select to_regclass('migration') is not null as exists`,
  );
  if (table?.exists !== true) return wanted;
  const done = await database.query<{ name: string }>('select name from migration');
  return wanted.filter((name) => !done.some((row) => row.name === name));
}

/** Rejects, naming them, while migrations have not run. */
export async function assertMigrated(database: Database): Promise<void> {
  const pending = await pendingMigrations(database);
  if (pending.length === 0) return;
  throw new RetryableError(`schema "${database.schema}" lacks the migrations ${pending.join(', ')}`);
}

async function lock(runner: QueryRunner, schema: string): Promise<void> {
  try {
    await runner.query(`select pg_advisory_lock(hashtext('watertight.migrations'), hashtext($1))`, [schema]);
  } catch (error) {
    if (codeOf(error) !== '55P03') throw error;
    throw new RetryableError(`another process has been migrating the schema "${schema}" for too long`, {
      cause: error,
    });
  }
}

async function createSchema(runner: QueryRunner, schema: string): Promise<void> {
  // Asked first: "create schema if not exists" needs the right to create one even where it exists.
  const { records } = await runner.query('select 1 from pg_namespace where nspname = $1', [schema], true);
  if (records.length === 0) await runner.query(`create schema "${schema}"`);
}
