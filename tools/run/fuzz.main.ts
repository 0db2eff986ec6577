// `npm run fuzz`: bad input for every reader of what comes from outside. Nothing may crash and everything has an outcome.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale } from '../stack/build.ts';
import { withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { runFuzz } from '../fuzz/run-fuzz.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run fuzz [-- --inputs N] [--seed N]

  --inputs N   inputs for each reader (default 25000)
  --seed N     the same seed gives the same inputs (default: the time)`;

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text))
    throw new Failure(`--${name} ${text}: a whole number\n\n${usage}`, usageErrorCode);
  return Number(text);
}

await runCommand(async ({ signal }) => {
  const flags = parseFlags(
    {
      inputs: { type: 'string', default: '25000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
    usage,
  );
  const inputs = wholeNumber('inputs', flags.inputs);
  const seed = wholeNumber('seed', flags.seed);
  const progress = progressOn(process.stderr);
  const dataDir = mkdtempSync(join(localDir, 'fuzz-'));
  await withDataDirectory(dataDir, progress, (keeper) =>
    buildWhenStale({ logFile: join(dataDir, 'build.log'), keeper, progress, signal }),
  ).finally(() => rmSync(dataDir, { recursive: true, force: true }));
  const { fuzzTargets } = await import('../fuzz/targets.ts');
  let failed = 0;
  let tried = 0;
  for (const target of fuzzTargets) {
    const result = await runFuzz(target, inputs, seed);
    tried += result.inputs;
    process.stdout.write(
      `${result.name}: ${result.inputs} inputs, ${result.failure === null ? 'none crashes' : 'FAILED'}\n`,
    );
    if (result.failure === null) continue;
    failed += 1;
    process.stdout.write(`${result.failure}\n`);
  }
  process.stdout.write(
    `seed ${seed}, ${tried} inputs\n${fuzzTargets.length - failed} passed, ${failed} failed\n`,
  );
  return failed === 0 ? 0 : 1;
});
