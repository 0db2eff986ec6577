// `npm run demo`: the whole system against the sandbox, a shop with a year of history and live trade. Always begins
// afresh; stays until it is interrupted.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { emptyDataDirectory, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { freePort } from '../stack/free-port.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { startSystem, type System, type Target } from '../stack/system.ts';
import { isBalanced, ordersUnderWay, readBalance, type Balance } from './balance.ts';
import { balanceTable, leakLines } from './balance-table.ts';
import { ended, runCommand } from './command.ts';
import { galerieKey, openGalerie } from './demo-galerie.ts';
import { demoKeys, demoPolicy } from './demo-policy.ts';
import { guidedTour, leakingKey, scenarios, type Scenario } from './demo-scenarios.ts';
import { parseFlags, usageErrorCode } from './flags.ts';
import { residentMb } from './memory.ts';
import { differencesFromTruth, freezeTrade } from './sandbox-truth.ts';

const usage = `usage: npm run demo [-- [--scenario NAME] [--exit]]

  --scenario NAME   what happens once the history is in: ${Object.keys(scenarios).join(', ')}
  --exit            ends once the balance is printed; with a scenario, once it has been played and balances again`;

const preferredPort = 4400;
const historyOrders = 1_200;
const historyDays = 365;
const balancedWithinMs = 180_000;
const checkMs = 300;
const progressMs = 3_000;

const dataDir = join(localDir, 'demo');
const progress = progressOn(process.stderr);

async function target(sandboxUrl: string | undefined, scenario: Scenario | undefined): Promise<Target> {
  if (sandboxUrl === undefined) throw new Error('The demo has no sandbox.');
  await openGalerie(sandboxUrl, historyDays);
  const ofScenario = (await scenario?.prepare?.(sandboxUrl)) ?? null;
  const marketplacesFile = join(dataDir, 'marketplaces.yaml');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(
    marketplacesFile,
    demoPolicy(sandboxUrl, historyDays, new Date(), { ofScenario, galerie: true }),
  );
  return {
    marketplacesFile,
    env: {
      ...demoKeys,
      BAZAR_API_KEY: leakingKey,
      GALERIE_API_KEY: galerieKey,
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_PRIVACY_API_KEY: 'pk_sandbox_privacy',
      KLAVIYO_BASE_URL: `${sandboxUrl}/klaviyo`,
    },
  };
}

function underWay(balance: Balance): string {
  const { captured, buckets } = balance;
  const count = (name: string): number => buckets[name]?.orders ?? 0;
  const { orders } = captured;
  return `${orders} orders captured, ${count('verified')} verified, ${ordersUnderWay(balance)} on their way`;
}

/**
 * Waits until the balance accounts for everything and agrees with the double, then returns it. Trade is held still
 * for the last part, since the double's count and the balance can only agree on the same moment.
 */
async function waitForBalance(system: System, sandboxUrl: string, signal: AbortSignal): Promise<Balance> {
  const deadline = performance.now() + balancedWithinMs;
  let toldAt = performance.now();
  let frozen = false;
  let problem = 'the API has not answered';
  try {
    while (performance.now() < deadline) {
      signal.throwIfAborted();
      const balance = (await readBalance(system.url, system.token))?.balance;
      if (balance !== undefined) {
        problem = underWay(balance);
        if (balance.settled && balance.captured.orders >= historyOrders && !frozen) {
          await freezeTrade(sandboxUrl, true);
          frozen = true;
        } else if (frozen && isBalanced(balance)) {
          const differences = await differencesFromTruth(balance, sandboxUrl);
          if (differences.length === 0) return balance;
          problem = differences.join('; ');
        }
      }
      if (performance.now() - toldAt > progressMs) {
        progress(problem);
        toldAt = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, checkMs));
    }
  } finally {
    if (frozen) await freezeTrade(sandboxUrl, false);
  }
  throw new Failure(
    `The demo did not come to a balance within three minutes: ${problem}. Logs: ${dataDir}/logs`,
  );
}

async function memoryLine(system: System): Promise<string> {
  const parts = await Promise.all(
    system.processes.entries().map(async ([name, pid]) => `${name} ${(await residentMb(pid)) ?? '?'} MB`),
  );
  return parts.join(', ');
}

async function report(system: System, balance: Balance): Promise<string> {
  return [
    '',
    balanceTable(balance),
    '',
    `Holds for ${balance.asOf}. For each marketplace the Mirakl double counts the same number and money by its own code.`,
    '',
    'Not verified, and why (whose job):',
    ...leakLines(balance),
    '',
    `Memory: ${await memoryLine(system)}`,
    '',
    `Console:  ${system.url}/?token=${system.token}`,
    `API:      ${system.url}/api/v1/balance  (Authorization: Bearer ${system.token})`,
    '',
  ].join('\n');
}

await runCommand(async ({ signal }) => {
  const flags = parseFlags(
    { exit: { type: 'boolean', default: false }, scenario: { type: 'string' } },
    usage,
  );
  const scenario = flags.scenario === undefined ? undefined : scenarios[flags.scenario];
  if (flags.scenario !== undefined && scenario === undefined) {
    throw new Failure(`There is no scenario "${flags.scenario}".\n\n${usage}`, usageErrorCode);
  }
  return withDataDirectory(dataDir, progress, async (keeper) => {
    emptyDataDirectory(dataDir);
    const system = await startSystem({
      dataDir,
      keeper,
      progress,
      signal,
      apiPort: await freePort(preferredPort),
      sandbox: {
        env: {
          SANDBOX_HISTORY_ORDERS: String(historyOrders),
          SANDBOX_HISTORY_DAYS: String(historyDays),
        },
      },
      target: (sandboxUrl) => target(sandboxUrl, scenario),
    });
    try {
      const { sandboxUrl } = system;
      if (sandboxUrl === undefined) throw new Error('The demo has no sandbox.');
      progress(`everything runs; the history comes in. Console: ${system.url}/?token=${system.token}`);
      const balance = await Promise.race([waitForBalance(system, sandboxUrl, signal), system.failed]);
      progress('balanced');
      const tell = (text: string): void => void process.stdout.write(`${text}\n`);
      tell(await report(system, balance));
      if (!flags.exit) tell(`${guidedTour(`${system.url}/?token=${system.token}`)}\n`);
      if (scenario !== undefined) {
        tell(`${scenario.watch}\n`);
        const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal });
        await Promise.race([scenario.play({ sandboxUrl, tell: progress, wait }), system.failed]);
        if (flags.exit) {
          const after = await Promise.race([waitForBalance(system, sandboxUrl, signal), system.failed]);
          tell(await report(system, after));
        }
      }
      if (flags.exit) return 0;
      progress(
        scenario === undefined
          ? 'orders keep trickling in; Ctrl-C ends everything'
          : 'it goes on; Ctrl-C ends everything',
      );
      await Promise.race([ended(signal), system.failed]);
      return 0;
    } finally {
      progress('ending');
      await system.stop();
      progress('ended');
    }
  });
});
