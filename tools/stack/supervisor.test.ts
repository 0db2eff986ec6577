import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { appService } from './apps.ts';
import { Failure } from './failure.ts';
import { signalGroup } from './process-group.ts';
import { Supervisor, type Service, type SupervisorOptions } from './supervisor.ts';
import { exists, keeperFor, standIn, temporaryFolder } from './test-support.ts';
import { waitUntil } from './wait-until.ts';

interface Scene {
  service: Service;
  options: SupervisorOptions;
  said: string[];
  pids: number[];
}

/** A stand-in for a service with this environment, its messages and process ids collected. */
async function scene(context: TestContext, env: NodeJS.ProcessEnv = {}): Promise<Scene> {
  const keeper = await keeperFor(context);
  const said: string[] = [];
  const pids: number[] = [];
  return {
    service: appService({
      name: 'profile-mapper',
      entry: standIn,
      env: { ...process.env, ...env },
      logDir: join(temporaryFolder(context), 'logs'),
      keeper,
    }),
    options: {
      progress: (text) => said.push(text),
      signal: new AbortController().signal,
      onChange: (pid) => {
        if (pid !== undefined) pids.push(pid);
      },
      limits: { firstPauseMs: 10, maxPauseMs: 20, readyCheckMs: 10 },
    },
    said,
    pids,
  };
}

async function waitFor(what: string, condition: () => boolean): Promise<void> {
  await waitUntil(async () => (condition() ? true : undefined), {
    withinMs: 10_000,
    everyMs: 10,
    late: () => new Error(`waited in vain: ${what}`),
  });
}

test('starts a service that was killed again, and says which one and what it said last', async (context) => {
  const { service, options, said, pids } = await scene(context, { LAST_WORDS: 'I was folding.' });
  const supervisor = await Supervisor.start(service, options);
  signalGroup(pids[0] ?? 0, 'SIGKILL');
  await waitFor('ready again', () => said.includes('profile-mapper: ready again'));
  const death = said.find((text) => text.includes('died')) ?? '';
  assert.match(death, /^profile-mapper: died \(killed by SIGKILL\)/);
  assert.match(death, /I was folding\./);
  assert.equal(supervisor.restarts, 1);
  await supervisor.stop(5_000);
  assert.ok(pids.every((pid) => !exists(pid)));
});

test('gives up on a service that keeps dying, with its name and the end of its log', async (context) => {
  const { service, options, pids } = await scene(context, { EXIT_CODE: '70', LAST_WORDS: 'No way.' });
  await assert.rejects(Supervisor.start(service, options), (error) => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, /^profile-mapper keeps dying: 5 times within 60 s, now with exit code 70/);
    assert.match(error.message, /No way\./);
    return true;
  });
  assert.equal(pids.length, 5);
});

test('tells of a service that fails for good only after it was running', async (context) => {
  const { service, options, pids, said } = await scene(context);
  const supervisor = await Supervisor.start(service, {
    ...options,
    limits: { ...options.limits, maxDeaths: 2 },
  });
  signalGroup(pids[0] ?? 0, 'SIGKILL');
  await waitFor('ready again', () => said.includes('profile-mapper: ready again'));
  signalGroup(pids[1] ?? 0, 'SIGKILL');
  await assert.rejects(supervisor.failed, /profile-mapper keeps dying: 2 times/);
});

test('shows a configuration error in the words of the service, and does not try again', async (context) => {
  const words = 'profile-mapper cannot start:\n  - BUYER_ID_KEY is missing.';
  const { service, options, pids } = await scene(context, { EXIT_CODE: '78', LAST_WORDS: words });
  await assert.rejects(Supervisor.start(service, options), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.message, words);
    assert.equal(error.exitCode, 78);
    return true;
  });
  assert.equal(pids.length, 1);
});

test('says what a service is waiting for when it does not get ready in time', async (context) => {
  const { service, options, pids } = await scene(context, { NEVER_READY: 'kafka: no broker answers' });
  const impatient = { ...service, startsWithinMs: 500 };
  await assert.rejects(Supervisor.start(impatient, options), /is not ready after .*kafka: no broker answers/);
  assert.ok(pids.every((pid) => !exists(pid)));
});

test('ends a service whose start is no longer wanted', async (context) => {
  const { service, options, pids } = await scene(context, { NEVER_READY: 'busy' });
  const controller = new AbortController();
  const started = Supervisor.start(service, { ...options, signal: controller.signal });
  await waitFor('a process', () => pids.length === 1);
  controller.abort(new Error('interrupted'));
  await assert.rejects(started, /interrupted/);
  assert.ok(pids.every((pid) => !exists(pid)));
});

test('kills a service that does not end when it is asked to', async (context) => {
  const { service, options, pids } = await scene(context, { IGNORE_SIGTERM: '1' });
  const supervisor = await Supervisor.start(service, options);
  await supervisor.stop(200);
  assert.ok(pids.every((pid) => !exists(pid)));
});
