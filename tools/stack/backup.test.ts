import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import pg from 'pg';
import { startDatabase, type DatabaseOptions, type DatabaseServer } from './postgres.ts';
import { keeperFor, temporaryFolder } from './test-support.ts';

// real: [PostgreSQL], double: []. The way of docs/sre.md, "Backup and restore", with the server's own functions: a copy
// of the files while it is written to, and the write-ahead log up to the end of the copy.

async function options(context: TestContext, dataDir: string): Promise<DatabaseOptions> {
  return {
    dataDir,
    logFile: join(dataDir, 'postgres.log'),
    database: 'watertight',
    durable: true,
    keeper: await keeperFor(context),
    progress: () => undefined,
    signal: new AbortController().signal,
  };
}

async function start(context: TestContext, given: DatabaseOptions): Promise<DatabaseServer> {
  // This test needs servers of its own.
  const named = process.env['DATABASE_URL'];
  delete process.env['DATABASE_URL'];
  try {
    const server = await startDatabase(given);
    context.after(() => server.stop());
    return server;
  } finally {
    if (named !== undefined) process.env['DATABASE_URL'] = named;
  }
}

async function connect(context: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  context.after(() => client.end());
  return client;
}

/** Files and their owner as they are; what changes or goes meanwhile is mended from the log at the restore. */
function copyCluster(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to], { stdio: 'ignore' });
  rmSync(join(to, 'postmaster.pid'), { force: true });
}

async function count(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from ledger');
  return rows[0]?.count ?? -1;
}

test('a backup that was taken while orders came in restores every order that was there when it ended', async (context) => {
  const folder = temporaryFolder(context);
  chmodSync(folder, 0o711);
  const source = join(folder, 'source');
  const server = await start(context, await options(context, source));
  const client = await connect(context, server.databaseUrl);
  await client.query('create table ledger (order_key text primary key, cents bigint not null)');
  const add = (from: number, to: number): Promise<unknown> =>
    client.query(`insert into ledger select 'm:' || n, 4990 from generate_series($1::int, $2::int) n`, [
      from,
      to,
    ]);
  await add(1, 5_000);
  const backup = await connect(context, server.databaseUrl);
  await backup.query('select pg_backup_start($1, true)', ['watertight']);
  await add(5_001, 10_000);
  const restored = join(folder, 'restored');
  mkdirSync(restored);
  copyCluster(join(source, 'cluster'), join(restored, 'cluster'));
  await add(10_001, 12_000);
  const { rows } = await backup.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
  // Whatever comes after the end of the backup is not part of it.
  rmSync(join(restored, 'cluster/pg_wal'), { recursive: true });
  execFileSync('cp', ['-a', join(source, 'cluster/pg_wal'), join(restored, 'cluster/pg_wal')]);
  await add(12_001, 12_500);
  await server.stop();

  const label = join(restored, 'cluster/backup_label');
  writeFileSync(label, rows[0]?.labelfile ?? '');
  const { uid, gid } = statSync(join(restored, 'cluster'));
  if (process.getuid?.() === 0) chownSync(label, uid, gid);
  for (const name of ['password', 'initialised'])
    execFileSync('cp', ['-a', join(source, name), join(restored, name)]);
  const again = await start(context, await options(context, restored));
  const reader = await connect(context, again.databaseUrl);
  assert.equal(await count(reader), 12_000);
  const { rows: sums } = await reader.query<{ sum: string }>('select sum(cents)::text as sum from ledger');
  assert.equal(sums[0]?.sum, String(12_000 * 4_990));
  assert.ok(!existsSync(label), 'the server has taken the label: it recovered from the backup');
});
