// `npm run drill`: a disaster and the way back from it, as docs/sre.md describes it, on a whole system of its own. What
// was seen is printed; in the end the law of the chaos runs must hold.
import { join } from 'node:path';
import type { ChaosOptions } from '../chaos/chaos-system.ts';
import { lostBroker, lostDatabase, lostLedger } from '../drills/data-drills.ts';
import { DrillSystem } from '../drills/drill-system.ts';
import { klaviyoKeyRevoked, miraklKeyRevoked } from '../drills/key-drills.ts';
import { emptyDataDirectory, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { runCommand } from './command.ts';
import { usageErrorCode } from './flags.ts';

const drills: Readonly<Record<string, (drill: DrillSystem, options: ChaosOptions) => Promise<void>>> = {
  'klaviyo-key': klaviyoKeyRevoked,
  'mirakl-key': miraklKeyRevoked,
  'lost-ledger': lostLedger,
  'lost-database': lostDatabase,
  'lost-broker': lostBroker,
};

const usage = `usage: npm run drill -- <name> ...

  <name>   ${Object.keys(drills).join(', ')}, or all`;

function wanted(): readonly string[] {
  const names = process.argv.slice(2);
  if (names.length === 1 && names[0] === 'all') return Object.keys(drills);
  const wrong = names.find((name) => !Object.hasOwn(drills, name));
  if (names.length === 0 || wrong !== undefined)
    throw new Failure(
      `${wrong === undefined ? '' : `There is no drill "${wrong}".\n\n`}${usage}`,
      usageErrorCode,
    );
  return names;
}

/** True when the law held in the end. */
async function carryOut(name: string, options: ChaosOptions): Promise<boolean> {
  const drill = await DrillSystem.start(options);
  try {
    await drills[name]?.(drill, options);
    const { violations, orders, events } = await drill.judge();
    const verdict = violations.length === 0 ? 'the law holds' : 'THE LAW IS BROKEN';
    process.stdout.write(`${name}: ${verdict}; ${orders} orders, ${events} events\n`);
    for (const seen of drill.observed) process.stdout.write(`  ${seen}\n`);
    for (const violation of violations) process.stdout.write(`  VIOLATION: ${violation}\n`);
    return violations.length === 0;
  } finally {
    await drill.stop();
  }
}

await runCommand(async ({ signal }) => {
  const failed: string[] = [];
  for (const name of wanted()) {
    const dataDir = join(localDir, 'drill', name);
    const progress = progressOn(process.stderr);
    const holds = await withDataDirectory(dataDir, progress, (keeper) => {
      emptyDataDirectory(dataDir);
      return carryOut(name, { dataDir, keeper, progress, signal });
    });
    if (holds) emptyDataDirectory(dataDir);
    else failed.push(name);
  }
  return failed.length === 0 ? 0 : 1;
});
