import { RetryableError } from '@watertight/service';
import { type QueryRunner } from 'typeorm';

import { classifyError } from './classify-error.ts';

/** Something that runs SQL: the database, or a transaction in it. */
export interface Queryable {
  /** Rows of a statement; the caller states their type and must select exactly that. */
  query<T>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
  /** Runs a statement and returns how many rows it touched. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
}

/** One connection of the pool while it is ours. What the driver throws leaves it classified. */
export class Session implements Queryable {
  #ended = false;
  /** The connection is in an unknown state and must not serve anyone else. */
  #spoiled = false;
  #failed = false;

  constructor(readonly runner: QueryRunner) {}

  query<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return this.#run(async () => (await this.runner.query(sql, [...parameters], true)).records);
  }

  execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return this.#run(async () => (await this.runner.query(sql, [...parameters], true)).affected ?? 0);
  }

  begin(): Promise<void> {
    return this.#run(() => this.runner.startTransaction());
  }

  async commit(): Promise<void> {
    // PostgreSQL answers the commit of a failed transaction by rolling it back, without an error.
    if (this.#failed)
      throw new Error('a statement failed and its error was not passed on: nothing to commit');
    await this.#run(() => this.runner.commitTransaction());
  }

  /** Never throws: the error that makes it necessary matters more. */
  async rollBack(): Promise<void> {
    // A connection that broke is gone already, and the transaction with it.
    if (this.runner.isReleased || this.#spoiled || !this.runner.isTransactionActive) return;
    try {
      await this.runner.rollbackTransaction();
    } catch {
      this.#spoiled = true;
    }
  }

  /** Gives the connection back to the pool. */
  async end(): Promise<void> {
    this.#ended = true;
    if (this.#spoiled && !this.runner.isReleased) await this.#discard();
    await this.runner.release();
  }

  async #run<R>(work: () => Promise<R>): Promise<R> {
    if (this.#ended) throw new Error('SQL after the end of its transaction: an await is missing');
    try {
      return await work();
    } catch (error) {
      this.#failed = true;
      // The server did not even refuse: the answer may still come, to whoever has the connection then.
      if (error instanceof Error && error.message.includes('Query read timeout')) this.#spoiled = true;
      if (this.runner.isReleased) {
        throw new RetryableError('PostgreSQL closed the connection', { cause: error });
      }
      throw classifyError(error);
    }
  }

  async #discard(): Promise<void> {
    const connection: { end(): Promise<void> } = await this.runner.connect();
    // The pool throws away a connection that was ended when it comes back. Nobody waits for the goodbye of a server
    // that may be gone.
    connection.end().catch(() => undefined);
  }
}
