import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { BrokerOptions } from './kafka.ts';
import { startComposeBroker } from './kafka-compose.ts';
import { isKafkaReady } from './kafka-probe.ts';
import { keeperFor, temporaryFolder } from './test-support.ts';

/** Puts a `docker` on the path that notes its calls and then does what the shell script says. */
function fakeDocker(context: TestContext, script: string): string {
  const folder = temporaryFolder(context);
  const calls = join(folder, 'calls');
  const docker = join(folder, 'docker');
  writeFileSync(docker, `#!/bin/sh\necho "$@" >> "${calls}"\n${script}\n`);
  chmodSync(docker, 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = [folder, path].join(delimiter);
  context.after(() => (process.env['PATH'] = path));
  return calls;
}

async function options(context: TestContext): Promise<BrokerOptions> {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'kafka'));
  return {
    dataDir: join(folder, 'kafka'),
    logFile: join(folder, 'kafka.log'),
    cacheDir: folder,
    keeper: await keeperFor(context),
    progress: () => undefined,
    signal: new AbortController().signal,
  };
}

test('runs the broker of docker-compose.yml on a free port, and ends it', async (context) => {
  const broker = join(import.meta.dirname, 'fixtures/metadata-broker.ts');
  const calls = fakeDocker(context, `case "$*" in *" up "*) exec "${process.execPath}" "${broker}";; esac`);
  const started = await startComposeBroker(await options(context));
  assert.ok('kafkaBrokers' in started);
  assert.equal(await isKafkaReady(started.kafkaBrokers, 1_000), true);
  await started.stop();
  assert.equal(await isKafkaReady(started.kafkaBrokers, 1_000), false);
  assert.match(readFileSync(calls, 'utf8'), /--file \S+docker-compose\.yml up .*kafka$/m);
});

test('begins with an empty volume on an empty data directory, and keeps it afterwards', async (context) => {
  const calls = fakeDocker(context, 'case "$*" in *" up "*) exit 1;; esac');
  const given = await options(context);
  await startComposeBroker(given);
  await startComposeBroker(given);
  const removals = readFileSync(calls, 'utf8').match(/ down --volumes$/gm);
  assert.equal(removals?.length, 1);
});

test('says what is missing when no engine answers', async (context) => {
  fakeDocker(context, 'exit 1');
  assert.deepEqual(await startComposeBroker(await options(context)), { problem: 'no Docker engine answers' });
});

test('leaves the way to another broker open when compose cannot start one', async (context) => {
  fakeDocker(context, 'case "$*" in *" up "*) echo "no such image" >&2; exit 1;; esac');
  const said: string[] = [];
  const given = await options(context);
  const result = await startComposeBroker({ ...given, progress: (text) => said.push(text) });
  assert.ok('problem' in result);
  assert.match(said.join('\n'), /no such image/);
});
