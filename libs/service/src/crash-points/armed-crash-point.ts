import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '../load-config.ts';
import type { CrashPoint } from './crash-point-names.ts';

const folder = processEnvironment()['CRASH_POINTS_DIR'];

/**
 * Dies by kill -9 when a file of that name lies in the folder CRASH_POINTS_DIR. The file is taken away first, so that
 * the process dies once and its successor goes on.
 */
export function crashPoint(name: CrashPoint): void {
  if (folder === undefined) return;
  const file = join(folder, name);
  if (!existsSync(file)) return;
  rmSync(file);
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives before the next line of JavaScript on Linux; elsewhere nothing may happen until it does.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}
