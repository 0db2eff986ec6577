import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CRASH_POINTS } from '@watertight/service';
import { type ChaosOptions, type ChaosResult, type ChaosSystem, underChaos } from './chaos-system.ts';
import { LeftLeases } from './leases.store.ts';

const reachedWithinMs = 90_000;
/** The writer alone dies seven times and more, and each time its group and Klaviyo's double have to be met again. */
const allReachedWithinMs = 200_000;
const checkMs = 100;
const seenDeadWithinMs = 1_000;
/** A service that dies more than four times in a minute is given up by its supervisor. */
const betweenDeathsMs = 16_000;
/** Enough for every point to be one service's, and no pause that grows with the deaths. */
const manyDeaths = { maxDeaths: CRASH_POINTS.length + 1, firstPauseMs: 50, maxPauseMs: 50 };
/** So that a successor need not wait for its dead predecessor to be missed. */
const missedSoon = { KAFKA_SESSION_TIMEOUT: '3s' };

/**
 * Each service dies exactly once before and after each of its steps, under live trade; then the law is held. A point
 * that is never reached is a violation: it would prove nothing. One by one, or `atOnce`: all are armed from the first
 * moment, and each service dies again and again until it has died at each of its own.
 */
export async function runCrashPoints(options: ChaosOptions, atOnce: boolean): Promise<ChaosResult> {
  const folder = join(options.dataDir, 'crash-points');
  mkdirSync(folder, { recursive: true });
  const env = { NODE_OPTIONS: '--conditions=crash-points', CRASH_POINTS_DIR: folder };
  const unreached: string[] = [];
  const result = await underChaos(
    {
      ...options,
      sandboxSeed: 1,
      env: atOnce ? { ...env, ...missedSoon } : env,
      ...(atOnce ? { appLimits: manyDeaths } : {}),
    },
    async (struck) => {
      unreached.push(...(atOnce ? await crashEverywhere(folder, struck) : await crashInTurn(folder, struck)));
    },
  );
  return {
    ...result,
    violations: [...unreached.map((name) => `${name} was not reached`), ...result.violations],
  };
}

/** Returns the points that were not reached. */
async function crashEverywhere(folder: string, struck: ChaosSystem): Promise<readonly string[]> {
  const { progress, signal, doors, system } = struck;
  progress(`dying at each of ${CRASH_POINTS.length} points`);
  const leases = new LeftLeases(doors.databaseUrl);
  let living = new Map(system.processes.entries());
  for (const name of CRASH_POINTS) writeFileSync(join(folder, name), '');
  const deadline = performance.now() + allReachedWithinMs;
  const left = (): readonly string[] => CRASH_POINTS.filter((name) => existsSync(join(folder, name)));
  try {
    // The file of a point goes just before its process does: so long it takes to see that one gone, too.
    for (let leftAtMs = performance.now(); performance.now() - leftAtMs < seenDeadWithinMs;) {
      if (left().length > 0 && performance.now() < deadline) leftAtMs = performance.now();
      await wait(checkMs, undefined, { signal });
      const now = new Map(system.processes.entries());
      // Long before the successor has started; otherwise it would wait for up to a minute.
      for (const [name, pid] of living) if (now.get(name) !== pid) await leases.letPass(name);
      living = new Map([...living, ...now]);
    }
    return left();
  } finally {
    await leases.close();
  }
}

/** Returns the points that were not reached. */
async function crashInTurn(folder: string, struck: ChaosSystem): Promise<readonly string[]> {
  const unreached: string[] = [];
  const diedAt = new Map<string, number>();
  for (const name of inTurn(CRASH_POINTS)) {
    const service = name.split('.')[0] ?? '';
    const restMs = (diedAt.get(service) ?? -Infinity) + betweenDeathsMs - performance.now();
    if (restMs > 0) await wait(restMs, undefined, { signal: struck.signal });
    if (!(await crashAt(name, folder, struck))) unreached.push(name);
    diedAt.set(service, performance.now());
  }
  return unreached;
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
