import { join } from 'node:path';
import { allOrFirstFailure } from './all-or-first-failure.ts';
import { startBroker } from './kafka.ts';
import { localDir } from './paths.ts';
import { startDatabase } from './postgres.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Progress } from './progress.ts';
import type { Supervisor } from './supervisor.ts';

export interface StackOptions {
  /** Everything the broker and the database keep is below it. */
  dataDir: string;
  keeper: ProcessKeeper;
  database: string;
  /** False: the database may lose its last transactions in a power cut; for tests. */
  durable: boolean;
  progress: Progress;
  /** Ends the start; once the stack runs, `stop` ends it. */
  signal: AbortSignal;
  onChange?: (name: string, pid: number | undefined) => void;
}

/** A running broker and database. */
export interface Stack {
  kafkaBrokers: string;
  databaseUrl: string;
  /** What keeps them running, where they are this command's own. */
  supervisors: readonly Supervisor[];
  stop(): Promise<void>;
}

/**
 * Starts broker and database side by side on `dataDir`. When one of them cannot start, the other is stopped and the
 * error thrown.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, keeper, progress } = options;
  const failing = new AbortController();
  const signal = AbortSignal.any([options.signal, failing.signal]);
  const logDir = join(dataDir, 'logs');
  const broker = startBroker({
    dataDir: join(dataDir, 'kafka'),
    logFile: join(logDir, 'kafka.log'),
    cacheDir: localDir,
    keeper,
    progress,
    signal,
    onChange: (pid) => options.onChange?.('broker', pid),
  });
  const database = startDatabase({
    dataDir: join(dataDir, 'postgres'),
    logFile: join(logDir, 'postgres.log'),
    database: options.database,
    durable: options.durable,
    keeper,
    progress,
    signal,
    onChange: (pid) => options.onChange?.('database', pid),
  });
  const stop = async (): Promise<void> => {
    const started = await Promise.allSettled([broker, database]);
    await Promise.all(started.map((part) => (part.status === 'fulfilled' ? part.value.stop() : undefined)));
  };
  try {
    await allOrFirstFailure([broker, database], failing);
  } catch (error) {
    await stop();
    throw error;
  }
  const [{ kafkaBrokers, ...kafka }, { databaseUrl, ...postgres }] = await Promise.all([broker, database]);
  const supervisors = [kafka.supervisor, postgres.supervisor].filter((one) => one !== undefined);
  return { kafkaBrokers, databaseUrl, supervisors, stop };
}
