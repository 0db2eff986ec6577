// `npm run up`: the whole system against what the policy file and the environment say, until interrupted.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkPolicy } from '../stack/check-policy.ts';
import { withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { isPortFree } from '../stack/free-port.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { configurationErrorCode } from '../stack/supervisor.ts';
import { startSystem, type System } from '../stack/system.ts';
import { isBalanced, readBalance, type ReadBalance } from './balance.ts';
import { ended, runCommand } from './command.ts';
import { parsePort, parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run up -- --marketplaces FILE [--data DIR] [--port N] [--json] [--exit-when-balanced]

  --marketplaces FILE     the policy file (marketplaces.yaml)
  --data DIR              where the state is kept from run to run (default: .local/up)
  --port N                port of the API and the console on 127.0.0.1 (default: any free one, kept from run to run)
  --json                  standard output carries one JSON line when the system accepts work, nothing for people
  --exit-when-balanced    ends once every order is accounted for and prints the balance; orders that wait for the
                          seller to accept them may still be in flight

Environment: KLAVIYO_API_KEY, whatever the policy file refers to, and optionally KAFKA_BROKERS, DATABASE_URL,
KLAVIYO_BASE_URL, BUYER_ID_KEY, LOG_LEVEL.`;

const balanceCheckMs = 500;

interface UpFlags {
  marketplacesFile: string;
  dataDir: string;
  port: number | undefined;
  json: boolean;
  exitWhenBalanced: boolean;
}

/** Paths are meant from where the user is; npm runs its scripts in the root of the repository. */
function fromUser(path: string): string {
  const where = process.env['npm_lifecycle_event'] === 'up' ? process.env['INIT_CWD'] : undefined;
  return resolve(where ?? process.cwd(), path);
}

function readFlags(): UpFlags {
  const flags = parseFlags(
    {
      marketplaces: { type: 'string' },
      data: { type: 'string' },
      port: { type: 'string' },
      json: { type: 'boolean', default: false },
      'exit-when-balanced': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    usage,
  );
  if (flags.help) throw new Failure(usage, 0);
  if (flags.marketplaces === undefined)
    throw new Failure(`--marketplaces is missing.\n\n${usage}`, usageErrorCode);
  return {
    marketplacesFile: fromUser(flags.marketplaces),
    dataDir: flags.data === undefined ? join(localDir, 'up') : fromUser(flags.data),
    port: flags.port === undefined ? undefined : parsePort(flags.port, usage),
    json: flags.json,
    exitWhenBalanced: flags['exit-when-balanced'],
  };
}

async function checkBeforeStart({ marketplacesFile, port }: UpFlags): Promise<void> {
  if (!existsSync(marketplacesFile)) {
    throw new Failure(
      `There is no file ${marketplacesFile}. marketplaces.example.yaml shows what goes into it.`,
      configurationErrorCode,
    );
  }
  if ((process.env['KLAVIYO_API_KEY'] ?? '') === '') {
    throw new Failure(
      'KLAVIYO_API_KEY is not set. Create a private key at Klaviyo (Settings > API keys) with the scopes ' +
        'events:write, events:read, profiles:write, profiles:read and metrics:read, and put it into the environment.',
      configurationErrorCode,
    );
  }
  if (port !== undefined && !(await isPortFree(port))) {
    throw new Failure(`Port ${port} on 127.0.0.1 is taken. Choose another one with --port.`);
  }
}

/** Resolves with the first balance that accounts for everything; undefined when it is told to stop first. */
async function waitForBalance(system: System, signal: AbortSignal): Promise<ReadBalance | undefined> {
  while (!signal.aborted) {
    const read = await readBalance(system.url, system.token);
    if (read !== undefined && isBalanced(read.balance)) return read;
    await Promise.race([ended(signal), new Promise((done) => setTimeout(done, balanceCheckMs))]);
  }
  return undefined;
}

await runCommand(async ({ signal }) => {
  const flags = readFlags();
  await checkBeforeStart(flags);
  const progress = progressOn(process.stderr);
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);

  return withDataDirectory(flags.dataDir, progress, async (keeper) => {
    const system = await startSystem({
      dataDir: flags.dataDir,
      keeper,
      progress,
      signal,
      ...(flags.port === undefined ? {} : { apiPort: flags.port }),
      afterBuild: (starting) =>
        checkPolicy({
          file: flags.marketplacesFile,
          logFile: join(flags.dataDir, 'logs/check-policy.log'),
          keeper,
          signal: starting,
        }),
      target: () => ({ marketplacesFile: flags.marketplacesFile, env: {} }),
    });
    try {
      const { url, token } = system;
      if (flags.json) tell(JSON.stringify({ ready: true, api: `${url}/api/v1`, token }));
      else
        tell(
          `\nReady. Console: ${url}/?token=${token}\nCtrl-C ends everything; the state stays in ${flags.dataDir}.\n`,
        );
      if (!flags.exitWhenBalanced) {
        await Promise.race([ended(signal), system.failed]);
        return 0;
      }
      progress('waiting until every order is accounted for');
      const read = await Promise.race([waitForBalance(system, signal), system.failed]);
      if (read !== undefined) tell(read.text);
      return 0;
    } finally {
      progress('ending');
      await system.stop();
      progress('ended');
    }
  });
});
