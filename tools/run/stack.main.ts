// `npm run stack`: a broker and a database for tests, until interrupted. Where they are is written to
// .local/stack.json, where the tests look. With --own (used by the test runner) it is a separate stack on a data
// directory of its own, thrown away at the end, and nothing is written.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeAbandoned, withDataDirectory } from '../stack/data-lock.ts';
import { localDir } from '../stack/paths.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import { progressOn } from '../stack/progress.ts';
import { startStack } from '../stack/stack.ts';
import { parseFlags } from './flags.ts';
import { ended, runCommand } from './command.ts';

const usage = 'usage: npm run stack [-- --json]';
const stackFile = join(localDir, 'stack.json');
const progress = progressOn(process.stderr);

interface StackFlags {
  own: boolean;
  json: boolean;
}

async function runStack(
  dataDir: string,
  flags: StackFlags,
  keeper: ProcessKeeper,
  signal: AbortSignal,
): Promise<void> {
  const stack = await startStack({
    dataDir,
    keeper,
    database: 'watertight_test',
    durable: false,
    progress,
    signal,
  });
  try {
    const where = JSON.stringify({ kafkaBrokers: stack.kafkaBrokers, databaseUrl: stack.databaseUrl });
    if (!flags.own) writeFileSync(stackFile, `${where}\n`, { mode: 0o600 });
    if (flags.json) process.stdout.write(`${where}\n`);
    progress('stack: ready; Ctrl-C ends it');
    await Promise.race([ended(signal), ...stack.supervisors.map((supervisor) => supervisor.failed)]);
  } finally {
    if (!flags.own) rmSync(stackFile, { force: true });
    progress('stack: ending');
    await stack.stop();
  }
}

await runCommand(async ({ signal }) => {
  const flags = parseFlags(
    { own: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    usage,
  );
  mkdirSync(localDir, { recursive: true });
  if (flags.own) await removeAbandoned(localDir, 'test-stack-');
  const dataDir = flags.own ? mkdtempSync(join(localDir, 'test-stack-')) : join(localDir, 'stack');
  try {
    await withDataDirectory(dataDir, progress, (keeper) => runStack(dataDir, flags, keeper, signal));
  } finally {
    if (flags.own) rmSync(dataDir, { recursive: true, force: true });
  }
  return 0;
});
