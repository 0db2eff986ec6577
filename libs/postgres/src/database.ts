import { type DataSource, type EntityManager } from 'typeorm';

import { classifyConnectError } from './classify-error.ts';
import { assertUsable, type DatabaseOptions, serviceDataSource } from './data-source.ts';
import { type Queryable, Session } from './session.ts';

export interface Transaction extends Queryable {
  /** For typeorm entities within the same transaction. */
  readonly manager: EntityManager;
}

/**
 * A service's schema in PostgreSQL. It connects with the first use and again after an outage.
 *
 * Errors of every method: RetryableError for what can pass (outage, deadlock, time limit), ConfigError when the
 * first connection finds the address wrong, anything else as the driver threw it (a bug).
 */
export class Database {
  readonly options: DatabaseOptions;
  #connecting: Promise<DataSource> | undefined;
  #closed = false;
  #outageReported = false;

  constructor(options: DatabaseOptions) {
    assertUsable(options);
    this.options = options;
  }

  get schema(): string {
    return this.options.schema;
  }

  async query<T>(sql: string, parameters?: readonly unknown[]): Promise<T[]> {
    return this.#inSession((session) => session.query<T>(sql, parameters));
  }

  async execute(sql: string, parameters?: readonly unknown[]): Promise<number> {
    return this.#inSession((session) => session.execute(sql, parameters));
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.query('select 1');
  }

  /**
   * Runs the work in one transaction and commits what it did; any error rolls everything back. When the connection
   * breaks during the commit, nobody knows whether it happened: the RetryableError then leads to the same work again,
   * which must be idempotent anyway.
   */
  async transaction<R>(work: (transaction: Transaction) => Promise<R>): Promise<R> {
    return this.#inSession(async (session) => {
      await session.begin();
      try {
        const result = await work({
          query: (sql, parameters) => session.query(sql, parameters),
          execute: (sql, parameters) => session.execute(sql, parameters),
          manager: session.runner.manager,
        });
        await session.commit();
        return result;
      } catch (error) {
        await session.rollBack();
        throw error;
      }
    });
  }

  /** Closes all connections, for good. Waits for the queries under way. */
  async close(): Promise<void> {
    this.#closed = true;
    const connecting = this.#connecting;
    this.#connecting = undefined;
    // A connection that never came about has nothing to close, and its error went to whoever asked for it.
    const dataSource = await connecting?.catch(() => undefined);
    await dataSource?.destroy();
  }

  async #inSession<R>(work: (session: Session) => Promise<R>): Promise<R> {
    const dataSource = await this.#connected();
    const session = new Session(dataSource.createQueryRunner());
    try {
      const result = await work(session);
      this.#outageReported = false;
      return result;
    } finally {
      await session.end();
    }
  }

  #connected(): Promise<DataSource> {
    if (this.#closed) throw new Error(`the database connection of schema "${this.schema}" was closed`);
    this.#connecting ??= this.#connect().catch((error: unknown) => {
      // The next use tries again.
      this.#connecting = undefined;
      throw error;
    });
    return this.#connecting;
  }

  async #connect(): Promise<DataSource> {
    try {
      return await serviceDataSource(this.options, (error) => this.#reportOutage(error)).initialize();
    } catch (error) {
      throw classifyConnectError(error, this.options.url);
    }
  }

  /** Every idle connection of the pool reports the same outage; once is enough. */
  #reportOutage(error: Error): void {
    if (this.#outageReported || this.#closed) return;
    this.#outageReported = true;
    this.options.onConnectionLost?.(error);
  }
}

export function createDatabase(options: DatabaseOptions): Database {
  return new Database(options);
}
