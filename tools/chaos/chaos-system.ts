import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readBalance, isBalanced, type Balance } from '../run/balance.ts';
import { demoKeys, demoPolicy } from '../run/demo-policy.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import type { Progress } from '../stack/progress.ts';
import { startStack } from '../stack/stack.ts';
import type { SupervisorLimits } from '../stack/supervisor.ts';
import { startSystem, type System } from '../stack/system.ts';
import { checkLaw, type Evidence } from './check-law.ts';
import { Doors } from './doors.ts';
import { readLedger } from './read-ledger.ts';
import { SandboxControl } from './sandbox-orders.ts';

export const marketplaces = ['maison-fr', 'techno-us', 'nordmarkt-de'];
const historyOrders = 150;
const historyDays = 120;
const liveOrdersPerMinute = 240;
const restWithinMs = 240_000;
const checkMs = 1_000;

export interface ChaosOptions {
  readonly dataDir: string;
  readonly keeper: ProcessKeeper;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface ChaosResult {
  readonly violations: readonly string[];
  readonly orders: number;
  readonly events: number;
  /** From the end of the strikes until the law held (or time was up). */
  readonly restSeconds: number;
}

/** A whole system with history and live trade, with doors in its connections, and the double's own knowledge. */
export interface ChaosSystem extends ChaosOptions {
  readonly system: System;
  readonly doors: Doors;
  readonly control: SandboxControl;
  readonly marketplaces: readonly string[];
}

export interface StruckOptions extends ChaosOptions {
  readonly sandboxSeed: number;
  /** Further environment of the services. */
  readonly env?: NodeJS.ProcessEnv;
  readonly appLimits?: Partial<SupervisorLimits>;
}

/** Starts a system, strikes it, lets it come to rest, judges it and ends it. */
export async function underChaos(
  options: StruckOptions,
  strike: (struck: ChaosSystem) => Promise<void>,
): Promise<ChaosResult> {
  const { progress } = options;
  const doors = new Doors();
  const system = await start(options, doors);
  try {
    if (system.sandboxUrl === undefined) throw new Error('The chaos has no sandbox.');
    const control = new SandboxControl(system.sandboxUrl);
    const struck = { ...options, system, doors, control, marketplaces };
    await Promise.race([strike(struck), system.failed]);
    progress('the strikes are over; waiting for rest');
    await control.post('/live', { frozen: true });
    return await Promise.race([judgeAtRest(struck), system.failed]);
  } finally {
    await system.stop();
    await doors.stop();
  }
}

function start(
  { dataDir, keeper, progress, signal, sandboxSeed, env = {}, appLimits = {} }: StruckOptions,
  doors: Doors,
): Promise<System> {
  mkdirSync(dataDir, { recursive: true });
  return startSystem({
    dataDir,
    keeper,
    progress,
    signal,
    appLimits,
    startStack: async (stackOptions) => doors.before(await startStack(stackOptions)),
    sandbox: {
      env: {
        SANDBOX_SEED: String(sandboxSeed),
        SANDBOX_HISTORY_ORDERS: String(historyOrders),
        SANDBOX_HISTORY_DAYS: String(historyDays),
        SANDBOX_LIVE_ORDERS_PER_MINUTE: String(liveOrdersPerMinute),
      },
    },
    target: async (sandboxUrl) => {
      if (sandboxUrl === undefined) throw new Error('The chaos has no sandbox.');
      const marketplacesFile = join(dataDir, 'marketplaces.yaml');
      const mirakl = await doors.to('mirakl', sandboxUrl);
      writeFileSync(marketplacesFile, demoPolicy(mirakl, historyDays, new Date()));
      const klaviyo = await doors.to('klaviyo', sandboxUrl);
      return {
        marketplacesFile,
        env: {
          ...demoKeys,
          ...env,
          KLAVIYO_API_KEY: 'pk_sandbox',
          KLAVIYO_BASE_URL: `${klaviyo}/klaviyo`,
        },
      };
    },
  });
}

/** Judges again and again until the law holds, or time is up: then the last judgement stands. */
export async function judgeAtRest({
  system,
  control,
  dataDir,
  signal,
}: Pick<ChaosSystem, 'system' | 'control' | 'dataDir' | 'signal'>): Promise<ChaosResult> {
  const began = performance.now();
  for (;;) {
    const seconds = Math.round((performance.now() - began) / 1_000);
    const isLate = performance.now() - began > restWithinMs;
    const read = await readBalance(system.url, system.token);
    if (read !== undefined && (isBalanced(read.balance) || isLate)) {
      const evidence = await gather(system, control, read.balance, dataDir);
      const violations = checkLaw(evidence);
      if (violations.length === 0 || isLate) return resultOf(evidence, violations, seconds);
    } else if (isLate) {
      throw new Error('The API did not answer after the strikes were over.');
    }
    await wait(checkMs, undefined, { signal });
  }
}

async function gather(
  system: System,
  control: SandboxControl,
  balance: Balance,
  dataDir: string,
): Promise<Evidence> {
  const ordersAtMirakl = new Map(
    await Promise.all(marketplaces.map(async (id) => [id, await control.orders(id)] as const)),
  );
  const addresses = [...ordersAtMirakl.values()].flat().flatMap(({ contact }) => contact.email ?? []);
  return {
    truth: await control.truth(),
    balance,
    ordersAtMirakl,
    eventsAtKlaviyo: await control.events(),
    ledger: await readLedger(system.url, system.token),
    logs: readLogs(join(dataDir, 'logs')),
    // A short text such as a malformed address could stand anywhere by chance.
    secrets: [
      ...addresses.filter((address) => address.includes('@')),
      ...Object.values(demoKeys),
      'pk_sandbox',
    ],
  };
}

function readLogs(folder: string): string {
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

function resultOf(evidence: Evidence, violations: readonly string[], restSeconds: number): ChaosResult {
  const orders = [...evidence.ordersAtMirakl.values()].reduce((sum, list) => sum + list.length, 0);
  return { violations, orders, events: evidence.eventsAtKlaviyo.length, restSeconds };
}
