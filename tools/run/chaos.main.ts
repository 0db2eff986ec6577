// `npm run chaos`: the whole system under load, struck by a seeded schedule again and again; after each run one checker
// asserts that nothing was lost, nothing doubled and every sum is right. A failing seed is printed and can be run again.
// With --soak one system is struck for an hour, and the growth of memory and disk is judged besides.
import { join } from 'node:path';
import { planChaos } from '../chaos/plan-chaos.ts';
import { runCrashPoints } from '../chaos/run-crash-points.ts';
import { runSeed } from '../chaos/run-seed.ts';
import { runSoak } from '../chaos/run-soak.ts';
import type { ChaosOptions, ChaosResult } from '../chaos/chaos-system.ts';
import { emptyDataDirectory, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run chaos [-- --seeds N] [--from SEED] [--seconds N] [--strikes N]
                      | --crash-points [--at-once] | --soak [--minutes N] [--from SEED]

  --seeds N     how many runs (default 50), each a system of its own
  --from SEED   the first seed (default 1); a failing seed is run again by --from SEED --seeds 1
  --seconds N   how long each is struck (default 20)
  --strikes N   how many strikes (default 10)
  --crash-points  instead of seeds: dies once exactly before and after each step of the way of an order
  --at-once     with --crash-points: all points armed together, in seconds instead of minutes
  --soak        instead of seeds: one system at live rate with faults, its memory and disk told and judged
  --minutes N   how long the soak takes (default 60, at least 5)`;

/** A shorter life than this is warm-up. */
const soakMinutesMin = 5;

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text))
    throw new Failure(`--${name} ${text}: a whole number\n\n${usage}`, usageErrorCode);
  return Number(text);
}

/** One run in a folder of its own, which is kept when the law was broken. */
async function judged(
  name: string,
  signal: AbortSignal,
  run: (options: ChaosOptions) => Promise<ChaosResult>,
): Promise<boolean> {
  const dataDir = join(localDir, 'chaos', name);
  const progress = progressOn(process.stderr);
  const result = await withDataDirectory(dataDir, progress, async (keeper) => {
    emptyDataDirectory(dataDir);
    return run({ dataDir, keeper, progress, signal });
  });
  const { violations, orders, events, restSeconds } = result;
  const verdict = violations.length === 0 ? 'the law holds' : 'THE LAW IS BROKEN';
  process.stdout.write(
    `${name}: ${verdict}; ${orders} orders, ${events} events, at rest after ${restSeconds} s\n`,
  );
  for (const violation of violations) process.stdout.write(`  ${violation}\n`);
  if (violations.length === 0) emptyDataDirectory(dataDir);
  else process.stdout.write(`  logs: ${join(dataDir, 'logs')}\n`);
  return violations.length === 0;
}

function exitCodeOf(holds: boolean): number {
  process.stdout.write(`${holds ? '1 passed, 0 failed' : '0 passed, 1 failed'}\n`);
  return holds ? 0 : 1;
}

await runCommand(async ({ signal }) => {
  const flags = parseFlags(
    {
      seeds: { type: 'string', default: '50' },
      from: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '20' },
      strikes: { type: 'string', default: '10' },
      'crash-points': { type: 'boolean', default: false },
      'at-once': { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '60' },
    },
    usage,
  );
  const first = wholeNumber('from', flags.from);
  if (flags['crash-points']) {
    const atOnce = flags['at-once'];
    return exitCodeOf(await judged('crash-points', signal, (options) => runCrashPoints(options, atOnce)));
  }
  if (flags.soak) {
    const minutes = wholeNumber('minutes', flags.minutes);
    if (minutes < soakMinutesMin)
      throw new Failure(`--minutes ${minutes}: at least ${soakMinutesMin}\n\n${usage}`, usageErrorCode);
    const soak = { minutes, seed: first, sampleEveryMs: Math.min(60_000, (minutes * 60_000) / 40) };
    return exitCodeOf(await judged('soak', signal, (options) => runSoak(soak, options)));
  }
  const count = wholeNumber('seeds', flags.seeds);
  const limits = {
    durationMs: wholeNumber('seconds', flags.seconds) * 1_000,
    strikes: wholeNumber('strikes', flags.strikes),
  };
  const failing: number[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const holds = await judged(`seed-${seed}`, signal, (options) =>
      runSeed(planChaos(seed, limits), options),
    );
    if (!holds) failing.push(seed);
  }
  process.stdout.write(`${count - failing.length} passed, ${failing.length} failed\n`);
  if (failing.length === 0) return 0;
  const again = failing.map((seed) => `npm run chaos -- --from ${seed} --seeds 1`);
  process.stdout.write(`Run again by:\n  ${again.join('\n  ')}\n`);
  return 1;
});
