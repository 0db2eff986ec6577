import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CRASH_POINTS } from '@watertight/service';
import { type ChaosOptions, type ChaosResult, type ChaosSystem, underChaos } from './chaos-system.ts';

const reachedWithinMs = 90_000;
const checkMs = 100;
/** A service that dies more than four times in a minute is given up by its supervisor. */
const betweenDeathsMs = 16_000;

/**
 * Each service dies exactly once before and after each of its steps, under live trade; then the law is held. A point
 * that is never reached is a violation: it would prove nothing.
 */
export async function runCrashPoints(options: ChaosOptions): Promise<ChaosResult> {
  const folder = join(options.dataDir, 'crash-points');
  mkdirSync(folder, { recursive: true });
  const env = { NODE_OPTIONS: '--conditions=crash-points', CRASH_POINTS_DIR: folder };
  const unreached: string[] = [];
  const result = await underChaos({ ...options, sandboxSeed: 1, env }, async (struck) => {
    const diedAt = new Map<string, number>();
    for (const name of inTurn(CRASH_POINTS)) {
      const service = name.split('.')[0] ?? '';
      const restMs = (diedAt.get(service) ?? -Infinity) + betweenDeathsMs - performance.now();
      if (restMs > 0) await wait(restMs, undefined, { signal: struck.signal });
      if (!(await crashAt(name, folder, struck))) unreached.push(`${name} was not reached`);
      diedAt.set(service, performance.now());
    }
  });
  return { ...result, violations: [...unreached, ...result.violations] };
}

/** The points of the services by turns, so that each has time to come back. */
function inTurn(names: readonly string[]): readonly string[] {
  const byService = Map.groupBy(names, (name) => name.split('.')[0]);
  const longest = Math.max(...[...byService.values()].map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    [...byService.values()].flatMap((list) => list[index] ?? []),
  ).flat();
}

/** True once the file that arms the point has been taken by the process that died there. */
async function crashAt(name: string, folder: string, { progress, signal }: ChaosSystem): Promise<boolean> {
  progress(`dying at ${name}`);
  const file = join(folder, name);
  writeFileSync(file, '');
  const deadline = performance.now() + reachedWithinMs;
  while (performance.now() < deadline) {
    if (!existsSync(file)) return true;
    await wait(checkMs, undefined, { signal });
  }
  return false;
}
