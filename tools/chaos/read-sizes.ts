import { createDatabase } from '@watertight/postgres';
import { RetryableError } from '@watertight/service';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { residentMb } from '../run/memory.ts';
import type { ChaosSystem } from './chaos-system.ts';
import type { SoakSample } from './judge-growth.ts';

/** How large everything is now. */
export async function readSizes(struck: ChaosSystem, beganMs: number): Promise<SoakSample> {
  const { system, control, doors, dataDir } = struck;
  const { mirakl } = await control.truth();
  const processes: Record<string, { pid: number; mb: number }> = {};
  for (const [name, pid] of system.processes.entries()) {
    const mb = name === 'database' ? privateMb(pid) : await residentMb(pid);
    // One that is being started again is missing in this sample.
    if (mb !== undefined) processes[name] = { pid, mb };
  }
  const database = await databaseBytes(doors.databaseUrl);
  return {
    atMs: performance.now() - beganMs,
    orders: Object.values(mirakl).reduce((sum, { orders }) => sum + orders, 0),
    processes,
    stored: {
      ...(database === undefined ? {} : { database }),
      topics: topicBytes(join(dataDir, 'kafka/data')),
    },
  };
}

/** undefined while the database does not answer, which is part of a soak. */
async function databaseBytes(url: string): Promise<number | undefined> {
  const database = createDatabase({ url, schema: 'soak', migrations: [] });
  try {
    const [row] = await database.query<{ bytes: string }>(
      'select pg_database_size(current_database())::text as bytes',
    );
    return Number(row?.bytes);
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  } finally {
    await database.close();
  }
}

/** What the records of all topics take; the indexes beside them are written in full size from the first. */
function topicBytes(folder: string): number {
  if (!existsSync(folder))
    throw new Error('The soak needs a broker of its own, to see what its topics take.');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.log') && !file.startsWith('__'))
    .reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Memory that a process and its children have for themselves: what they share would be counted for each of them. */
function privateMb(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const own = Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return children.reduce((sum, child) => sum + (privateMb(Number(child)) ?? 0), Math.round(own / 1024));
  } catch {
    // It has ended between two looks; without /proc nothing is said.
    return undefined;
  }
}
