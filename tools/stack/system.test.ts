import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { AppName } from './apps.ts';
import { Failure } from './failure.ts';
import type { Programs } from './programs.ts';
import type { Stack } from './stack.ts';
import { startSystem, type SystemOptions } from './system.ts';
import { exists, keeperFor, standIn, temporaryFolder } from './test-support.ts';

// The services are stand-ins, which use neither broker nor database: nothing is behind these addresses.
const noStack: Stack = {
  kafkaBrokers: '127.0.0.1:1',
  databaseUrl: 'postgresql://nobody@127.0.0.1:1/none',
  supervisors: [],
  stop: async () => undefined,
};

const standIns: Programs = { build: async () => undefined, entry: () => standIn };

async function options(context: TestContext, env: NodeJS.ProcessEnv = {}): Promise<SystemOptions> {
  const dataDir = temporaryFolder(context);
  return {
    dataDir,
    keeper: await keeperFor(context),
    progress: () => undefined,
    signal: new AbortController().signal,
    startStack: async () => noStack,
    programs: {
      ...standIns,
      // A program that is through at once, for the topics.
      entry: (name) => (name === 'create-topics' ? join(import.meta.dirname, 'failure.ts') : standIn),
    },
    target: () => ({ marketplacesFile: '/shops.yaml', env }),
  };
}

function processes(dataDir: string): Partial<Record<AppName | 'sandbox', number>> {
  return JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8'));
}

function logOf(dataDir: string, name: string): string {
  return readFileSync(join(dataDir, 'logs', `${name}.log`), 'utf8');
}

test('starts the four services and the sandbox, and ends them all', async (context) => {
  const given = await options(context);
  const system = await startSystem({ ...given, sandbox: { env: {} } });
  const running = Object.values(processes(given.dataDir));
  assert.equal(running.length, 5);
  assert.ok(running.every(exists));
  assert.equal((await fetch(`${system.url}/health/ready`)).status, 200);
  await system.stop();
  assert.ok(!running.some(exists));
});

test('tells the services where everything is, and the token only to the monitor', async (context) => {
  const given = await options(context, {
    KLAVIYO_API_KEY: 'pk_test',
    PRINT_ENV: 'KAFKA_BROKERS,MARKETPLACES_FILE,KLAVIYO_API_KEY,BUYER_ID_KEY,LOCAL_TOKEN',
  });
  const system = await startSystem(given);
  await system.stop();
  const mapper = logOf(given.dataDir, 'profile-mapper');
  assert.match(mapper, /^KAFKA_BROKERS=127\.0\.0\.1:1$/m);
  assert.match(mapper, /^MARKETPLACES_FILE=\/shops\.yaml$/m);
  assert.match(mapper, /^KLAVIYO_API_KEY=pk_test$/m);
  assert.match(mapper, /^BUYER_ID_KEY=.{32,}$/m);
  assert.match(mapper, /^LOCAL_TOKEN=$/m);
  assert.ok(logOf(given.dataDir, 'leakage-monitor').includes(`LOCAL_TOKEN=${system.token}`));
});

test('keeps token and buyer key from run to run', async (context) => {
  const given = await options(context);
  const first = await startSystem(given);
  await first.stop();
  const second = await startSystem(given);
  await second.stop();
  assert.equal(second.token, first.token);
});

test('ends what is already there when one service cannot start', async (context) => {
  const given = await options(context);
  const target = (): ReturnType<SystemOptions['target']> => ({
    marketplacesFile: '/shops.yaml',
    env: { EXIT_CODE: '78', LAST_WORDS: 'marketplaces.yaml, line 3: "api" is missing.' },
  });
  await assert.rejects(startSystem({ ...given, target, sandbox: { env: {} } }), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.exitCode, 78);
    assert.match(error.message, /line 3: "api" is missing/);
    return true;
  });
  assert.deepEqual(processes(given.dataDir), {});
});

test('ends everything when it is interrupted while starting', async (context) => {
  const given = await options(context, { NEVER_READY: 'migrating' });
  const controller = new AbortController();
  const starting = startSystem({
    ...given,
    signal: controller.signal,
    progress: (text) => {
      if (text === 'services: starting') setTimeout(() => controller.abort(new Error('interrupted')), 300);
    },
  });
  await assert.rejects(starting, /interrupted/);
  assert.deepEqual(processes(given.dataDir), {});
});
