import { ConfigError, exitCodes, loadConfig } from '@watertight/service';
import { systemClock } from './clock.ts';
import { sandboxVariables } from './sandbox.config.ts';
import type { SandboxSettings } from './sandbox-state.ts';
import { createSandbox } from './sandbox.ts';

/** How often live trade and late storing are looked after when nobody calls. */
const tickMs = 200;

async function run(): Promise<void> {
  const config = loadConfig(sandboxVariables);
  const { http, state } = createSandbox(settingsOf(config), systemClock, reportBug);
  const url = await http.listen({ host: '127.0.0.1', port: config.PORT });
  const timer = setInterval(() => state.tick(), tickMs);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    clearInterval(timer);
    http.close().then(() => process.exit(exitCodes.stopped), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.WATCH_PARENT_STDIN) process.stdin.once('close', stop).resume();
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
}

function settingsOf(config: ReturnType<typeof loadConfig<typeof sandboxVariables>>): SandboxSettings {
  const end = config.SANDBOX_HISTORY_END;
  return {
    seed: config.SANDBOX_SEED,
    historyOrders: config.SANDBOX_HISTORY_ORDERS,
    historyDays: config.SANDBOX_HISTORY_DAYS,
    historyEndMs: end === 'midnight' ? null : Date.parse(end),
    ordersPerMinute: config.SANDBOX_LIVE_ORDERS_PER_MINUTE,
    lifeSpeed: Number(config.SANDBOX_LIFE_SPEED),
    klaviyo: {
      quota: config.SANDBOX_KLAVIYO_QUOTA,
      storeDelayMs: config.SANDBOX_KLAVIYO_STORE_DELAY_MS,
      bulkRefusesStored: true,
      namesEntries: true,
      keep: config.SANDBOX_KLAVIYO_KEEP,
    },
  };
}

function reportBug(error: unknown, request: string): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sandbox: ${request}: ${text}\n`);
}

function fail(error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exit(exitCodes.configuration);
  }
  reportBug(error, 'start');
  process.exit(exitCodes.unknownError);
}

run().catch(fail);
