import 'reflect-metadata';

import { ConfigError } from '@watertight/service';
import { DataSource, type Logger, type MigrationInterface } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;
export type EntityClass = abstract new () => object;

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own schema; nothing outside it is read or written. */
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  /** Only for services that use typeorm entities. */
  readonly entities?: readonly EntityClass[];
  /** Shown in pg_stat_activity; the schema when left out. */
  readonly applicationName?: string;
  /** Most connections at a time; 10 when left out. */
  readonly connectionsMax?: number;
  /** After this, the server cancels a statement and the work counts as retryable; 30 s when left out. */
  readonly statementTimeoutMs?: number;
  /** Told once per outage, when a connection that nobody was using breaks. */
  readonly onConnectionLost?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
/** How much longer the client waits than the server: after that the server is taken for gone. */
const SILENCE_MARGIN_MS = 5_000;

/** Throws ConfigError when the options can only be a mistake. */
export function assertUsable({ url, schema }: DatabaseOptions): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema))
    throw new ConfigError([`"${schema}" cannot be a schema's name.`]);
  // The driver would let them replace ours, search_path among them, and tables would end up elsewhere.
  if (URL.parse(url)?.searchParams.has('options') === true) {
    throw new ConfigError(['DATABASE_URL: the parameter "options" is set by the service itself; remove it.']);
  }
}

/** A typeorm DataSource, not yet connected, whose every connection works in the schema alone. */
export function serviceDataSource(options: DatabaseOptions, onPoolError: (error: Error) => void): DataSource {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return dataSource(options, onPoolError, {
    max: options.connectionsMax ?? 10,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MARGIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
}

/** The same for migrations, whose statements may take long; only waiting for a lock has a limit. */
export function migrationDataSource(options: DatabaseOptions, lockTimeoutMs: number): DataSource {
  return dataSource(options, () => undefined, { max: 2, lock_timeout: lockTimeoutMs });
}

/**
 * typeorm prints to the console even with logging off, and what it prints carries the parameters. Every error reaches
 * the caller anyway.
 */
const silentLogger: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

function dataSource(
  options: DatabaseOptions,
  onPoolError: (error: Error) => void,
  pool: Readonly<Record<string, number>>,
): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    entities: [...(options.entities ?? [])],
    migrations: [...options.migrations],
    migrationsTableName: 'migration',
    // Schemas change by migrations only.
    synchronize: false,
    installExtensions: false,
    logger: silentLogger,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: options.applicationName ?? `watertight-${options.schema}`,
    poolErrorHandler: onPoolError,
    extra: { ...pool, keepAlive: true, options: `-c search_path=${options.schema}` },
  });
}
