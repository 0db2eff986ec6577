// `npm run ledger:rebuild`: makes the ledger of leakage-monitor anew from the topics, while that service is stopped.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale } from '../stack/build.ts';
import { withDataDirectory } from '../stack/data-lock.ts';
import { localDir, root } from '../stack/paths.ts';
import { describeEnd, runToEnd } from '../stack/process.ts';
import { progressOn } from '../stack/progress.ts';
import { runCommand } from './command.ts';
import { parseFlags } from './flags.ts';

const usage = `usage: npm run ledger:rebuild -- [--from-what-is-left]

  --from-what-is-left   go on although topics no longer reach back to their beginning: older orders vanish from the ledger

Environment: KAFKA_BROKERS, DATABASE_URL and BUYER_ID_KEY as leakage-monitor has them. Stop leakage-monitor before.
Ends with 1 and a sentence when it changed nothing.`;

await runCommand(async ({ signal }) => {
  const flags = parseFlags({ 'from-what-is-left': { type: 'boolean', default: false } }, usage);
  const dataDir = join(localDir, 'ledger-rebuild');
  mkdirSync(dataDir, { recursive: true });
  const progress = progressOn(process.stderr);
  return withDataDirectory(dataDir, progress, async (keeper) => {
    const logDir = join(dataDir, 'logs');
    await buildWhenStale({ logFile: join(logDir, 'build.log'), keeper, progress, signal });
    const { end, process: program } = await runToEnd(
      {
        name: 'ledger-rebuild',
        command: process.execPath,
        args: [
          '--disable-warning=ExperimentalWarning',
          join(root, 'apps/leakage-monitor/dist/rebuild.main.js'),
          ...(flags['from-what-is-left'] ? ['--from-what-is-left'] : []),
        ],
        env: process.env,
        cwd: root,
        logFile: join(logDir, 'ledger-rebuild.log'),
        onStdoutLine: (line) => process.stdout.write(`${line}\n`),
      },
      keeper,
      signal,
    );
    if (end.code === 0) return 0;
    const words = program.lastErrors === '' ? describeEnd(end) : program.lastErrors;
    process.stderr.write(`${words.trimEnd()}\n`);
    return end.code ?? 1;
  });
});
