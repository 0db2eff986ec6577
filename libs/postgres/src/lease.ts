import { RetryableError } from '@watertight/service';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

import { type Database, type Transaction } from './database.ts';

/** Add it to the migrations of a service that uses Leases. */
export class CreateLease1763900000000 implements MigrationInterface {
  readonly name = 'CreateLease1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table lease (
        name text primary key,
        holder text not null,
        expires_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table lease');
  }
}

/**
 * Rights that one holder has at a time, such as polling a marketplace. A lease that is not renewed ends by itself, and
 * anyone may take it over. Only the database's clock counts: the clocks of the replicas may differ.
 */
export class Leases {
  constructor(
    private readonly database: Database,
    /** Names this process among the replicas; a new one for every start. */
    private readonly holder: string,
    /** How long a lease lasts without being renewed, in milliseconds. */
    private readonly durationMs: number,
  ) {}

  /** Takes the lease if it is free, expired or already ours; says whether we hold it now. */
  async acquire(name: string): Promise<boolean> {
    const taken = await this.database.execute(
      `insert into lease as t (name, holder, expires_at)
       values ($1, $2, clock_timestamp() + make_interval(secs => $3))
       on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
       where t.holder = excluded.holder or t.expires_at < clock_timestamp()`,
      [name, this.holder, this.durationMs / 1_000],
    );
    return taken === 1;
  }

  /** Makes the lease last again; false when it is not ours any more, and then the work under it must stop. */
  async renew(name: string): Promise<boolean> {
    const renewed = await this.database.execute(
      `update lease set expires_at = clock_timestamp() + make_interval(secs => $3)
       where name = $1 and holder = $2 and expires_at >= clock_timestamp()`,
      [name, this.holder, this.durationMs / 1_000],
    );
    return renewed === 1;
  }

  /** Gives the lease back, so that another need not wait for its end. Nothing happens when it is not ours. */
  async release(name: string): Promise<void> {
    await this.database.execute('delete from lease where name = $1 and holder = $2', [name, this.holder]);
  }

  /**
   * Within a transaction: makes sure that the lease is ours until it commits, so that a holder that was asleep cannot
   * move a watermark after another took over. Throws RetryableError when the lease is lost.
   */
  async assertHeld(transaction: Transaction, name: string): Promise<void> {
    const held = await transaction.query(
      'select 1 from lease where name = $1 and holder = $2 and expires_at >= clock_timestamp() for share',
      [name, this.holder],
    );
    if (held.length === 0) throw new RetryableError(`the lease "${name}" is not ours any more`);
  }
}
