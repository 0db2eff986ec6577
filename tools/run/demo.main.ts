// `npm run demo`: the whole system against the sandbox, a shop with a year of history and live trade. Always begins
// afresh; stays until it is interrupted.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyDataDirectory, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { freePort } from '../stack/free-port.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { startSystem, type System, type Target } from '../stack/system.ts';
import { isBalanced, ordersUnderWay, readBalance, type Balance } from './balance.ts';
import { balanceTable, leakLines } from './balance-table.ts';
import { ended, runCommand } from './command.ts';
import { demoKeys, demoPolicy } from './demo-policy.ts';
import { parseFlags } from './flags.ts';
import { residentMb } from './memory.ts';
import { differencesFromTruth, freezeTrade } from './sandbox-truth.ts';

const usage = `usage: npm run demo [-- --exit]

  --exit    ends once the balance is printed`;

const preferredPort = 4400;
const historyOrders = 1_200;
const historyDays = 365;
const balancedWithinMs = 180_000;
const checkMs = 300;
const progressMs = 3_000;

const dataDir = join(localDir, 'demo');
const progress = progressOn(process.stderr);

function target(sandboxUrl: string | undefined): Target {
  if (sandboxUrl === undefined) throw new Error('The demo has no sandbox.');
  const marketplacesFile = join(dataDir, 'marketplaces.yaml');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(marketplacesFile, demoPolicy(sandboxUrl, historyDays, new Date()));
  return {
    marketplacesFile,
    env: { ...demoKeys, KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_BASE_URL: `${sandboxUrl}/klaviyo` },
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
  const flags = parseFlags({ exit: { type: 'boolean', default: false } }, usage);
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
      target,
    });
    try {
      const { sandboxUrl } = system;
      if (sandboxUrl === undefined) throw new Error('The demo has no sandbox.');
      progress(`everything runs; the history comes in. Console: ${system.url}/?token=${system.token}`);
      const balance = await Promise.race([waitForBalance(system, sandboxUrl, signal), system.failed]);
      progress('balanced');
      process.stdout.write(`${await report(system, balance)}\n`);
      if (flags.exit) return 0;
      progress('orders keep trickling in; Ctrl-C ends everything');
      await Promise.race([ended(signal), system.failed]);
      return 0;
    } finally {
      progress('ending');
      await system.stop();
      progress('ended');
    }
  });
});
