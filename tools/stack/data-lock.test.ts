import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { removeAbandoned, withDataDirectory } from './data-lock.ts';
import { commandFixture, exists, temporaryFolder } from './test-support.ts';
import { waitUntil } from './wait-until.ts';

/** Starts a command on the directory. Returns it with the ids of the two processes that it started. */
async function startCommand(
  context: TestContext,
  dataDir: string,
): Promise<{ command: ChildProcess; family: number[] }> {
  const command = spawn(process.execPath, [commandFixture, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => command.kill('SIGKILL'));
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: command.stdout }).once('line', resolve),
  );
  return { command, family: line.split(' ').map(Number) };
}

async function waitForEnd(pids: readonly number[]): Promise<void> {
  await waitUntil(async () => (pids.some(exists) ? undefined : true), {
    withinMs: 20_000,
    everyMs: 20,
    late: () => new Error(`still running: ${pids.filter(exists).join(', ')}`),
  });
}

function keeperPid(dataDir: string): number {
  const match = /"keeperPid":(\d+)/.exec(readFileSync(join(dataDir, 'keeper.json'), 'utf8'));
  return Number(match?.[1]);
}

test('nothing survives a command that was killed, not even what ignores signals', async (context) => {
  const dataDir = temporaryFolder(context);
  const { command, family } = await startCommand(context, dataDir);
  assert.equal(family.length, 2);
  assert.ok(family.every(exists));
  command.kill('SIGKILL');
  await waitForEnd([...family, keeperPid(dataDir)]);
});

test('a keeper that was killed is replaced and keeps what the first one kept', async (context) => {
  const dataDir = temporaryFolder(context);
  const { command, family } = await startCommand(context, dataDir);
  const first = keeperPid(dataDir);
  process.kill(first, 'SIGKILL');
  await waitUntil(async () => (keeperPid(dataDir) === first ? undefined : true), {
    withinMs: 10_000,
    everyMs: 20,
    late: () => new Error('the keeper was not replaced'),
  });
  command.kill('SIGKILL');
  await waitForEnd(family);
});

test('a directory in use is refused with the process that uses it', async (context) => {
  const dataDir = temporaryFolder(context);
  const { command } = await startCommand(context, dataDir);
  await assert.rejects(
    withDataDirectory(
      dataDir,
      () => undefined,
      async () => undefined,
    ),
    new RegExp(`is in use by a command that is still running \\(process ${command.pid}\\)`),
  );
});

test('a directory is taken over once what a killed command left behind is gone', async (context) => {
  const dataDir = temporaryFolder(context);
  const { command, family } = await startCommand(context, dataDir);
  command.kill('SIGKILL');
  const left = await withDataDirectory(
    dataDir,
    () => undefined,
    async () => family.filter(exists),
  );
  assert.deepEqual(left, []);
});

test('removes what killed commands left, and nothing that is in use', async (context) => {
  const folder = temporaryFolder(context);
  const [abandoned, inUse] = [join(folder, 'run-1'), join(folder, 'run-2')];
  const { command, family } = await startCommand(context, abandoned);
  await startCommand(context, inUse);
  command.kill('SIGKILL');
  await waitForEnd([...family, keeperPid(abandoned)]);
  await removeAbandoned(folder, 'run-');
  assert.equal(existsSync(abandoned), false);
  assert.equal(existsSync(inUse), true);
});
