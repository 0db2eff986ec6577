import { setTimeout as wait } from 'node:timers/promises';
import { appNames } from '../stack/apps.ts';
import { type ChaosOptions, type ChaosResult, type ChaosSystem, underChaos } from './chaos-system.ts';
import { type GrowthLimits, judgeGrowth, type SoakSample } from './judge-growth.ts';
import { planSoak } from './plan-soak.ts';
import { readSizes } from './read-sizes.ts';
import { strikeSystem } from './strike-system.ts';

const serviceGrowsMbMax = 25;
/** Of broker and database: a heap that fills up to its limit, and one process per connection. */
const serverGrowsMbMax = 60;

const limits: GrowthLimits = {
  processes: {
    ...Object.fromEntries(appNames.map((name) => [name, serviceGrowsMbMax])),
    broker: serverGrowsMbMax,
    database: serverGrowsMbMax,
  },
  stored: ['database', 'topics'],
  storedPerOrder: 1.5,
};

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly sampleEveryMs: number;
}

/**
 * Live trade with faults for as long as is wanted; sizes are told at intervals and judged, then the law. The double
 * keeps all that it has seen in memory: it is told of and not judged.
 */
export async function runSoak(
  { minutes, seed, sampleEveryMs }: SoakOptions,
  options: ChaosOptions,
): Promise<ChaosResult> {
  const samples: SoakSample[] = [];
  const result = await underChaos({ ...options, sandboxSeed: seed }, async (struck) => {
    const struckAll = new AbortController();
    const sampling = sampleAll(struck, sampleEveryMs, samples, struckAll.signal);
    try {
      await Promise.race([strikeAll(struck, seed, minutes), sampling]);
    } finally {
      struckAll.abort();
    }
    await sampling;
  });
  return { ...result, violations: [...judgeGrowth(samples, limits), ...result.violations] };
}

async function strikeAll(struck: ChaosSystem, seed: number, minutes: number): Promise<void> {
  const began = performance.now();
  for (const { startsAtMs, plan } of planSoak(seed, minutes)) {
    await wait(Math.max(0, startsAtMs - (performance.now() - began)), undefined, { signal: struck.signal });
    await strikeSystem(plan, struck);
  }
  const leftMs = minutes * 60_000 - (performance.now() - began);
  await wait(Math.max(0, leftMs), undefined, { signal: struck.signal });
}

/** Rejects when a size cannot be read. */
async function sampleAll(
  struck: ChaosSystem,
  everyMs: number,
  samples: SoakSample[],
  over: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const signal = AbortSignal.any([over, struck.signal]);
  while (!signal.aborted) {
    const sample = await readSizes(struck, began);
    samples.push(sample);
    struck.progress(describeSizes(sample));
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One line for people. */
export function describeSizes({ atMs, orders, processes, stored }: SoakSample): string {
  const minutes = (atMs / 60_000).toFixed(1);
  const memory = Object.entries(processes).map(([name, { mb }]) => `${name} ${mb}`);
  const disk = Object.entries(stored).map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(1)}`);
  return `${minutes} min, ${orders} orders; memory in MB: ${memory.join(', ')}; on disk in MB: ${disk.join(', ')}`;
}
