// `npm run policy:preview`: which held orders a changed policy would release, judged by profile-mapper's own code.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildWhenStale } from '../stack/build.ts';
import { withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir, root } from '../stack/paths.ts';
import { describeEnd, runToEnd } from '../stack/process.ts';
import { progressOn } from '../stack/progress.ts';
import { configurationErrorCode } from '../stack/supervisor.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';
import { policyPreviewText } from './policy-preview-text.ts';

const usage = `usage: npm run policy:preview -- --marketplaces FILE [--marketplace ID] [--data DIR]

  --marketplaces FILE   the policy file to try
  --marketplace ID      orders of this marketplace only
  --data DIR            the running \`npm run up\` whose orders to judge (default: .local/up)

Environment: DATABASE_URL and BUYER_ID_KEY as profile-mapper has them, instead of --data.
It reads the held orders and changes nothing.`;

function fromUser(path: string): string {
  const where = process.env['npm_lifecycle_event'] === 'policy:preview' ? process.env['INIT_CWD'] : undefined;
  return resolve(where ?? process.cwd(), path);
}

/** What profile-mapper of a running `npm run up` was started with. */
function serversOf(dataDir: string): NodeJS.ProcessEnv {
  const given = process.env['DATABASE_URL'] ?? '';
  const read = (name: string): string => {
    const file = join(dataDir, name);
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    throw new Failure(
      `No system was started in ${dataDir}. Start it with \`npm run up\`, name its --data, or set DATABASE_URL and BUYER_ID_KEY.`,
      configurationErrorCode,
    );
  };
  const own = () =>
    `postgresql://postgres:${read('postgres/password')}@127.0.0.1:${read('postgres/port')}/watertight`;
  return {
    DATABASE_URL: given === '' ? own() : given,
    BUYER_ID_KEY: process.env['BUYER_ID_KEY'] ?? read('buyer-id-key'),
  };
}

await runCommand(async ({ signal }) => {
  const flags = parseFlags(
    {
      marketplaces: { type: 'string' },
      marketplace: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    usage,
  );
  if (flags.help) throw new Failure(usage, 0);
  if (flags.marketplaces === undefined)
    throw new Failure(`--marketplaces is missing.\n\n${usage}`, usageErrorCode);
  const servers = serversOf(flags.data === undefined ? join(localDir, 'up') : fromUser(flags.data));
  const file = fromUser(flags.marketplaces);
  const ownDir = join(localDir, 'policy-preview');
  mkdirSync(ownDir, { recursive: true });
  const progress = progressOn(process.stderr);
  const printed: string[] = [];
  return withDataDirectory(ownDir, progress, async (keeper) => {
    const logDir = join(ownDir, 'logs');
    await buildWhenStale({ logFile: join(logDir, 'build.log'), keeper, progress, signal });
    const { end, process: program } = await runToEnd(
      {
        name: 'policy-preview',
        command: process.execPath,
        args: [join(root, 'apps/profile-mapper/dist/preview-policy.main.js')],
        env: { ...process.env, ...servers, MARKETPLACES_FILE: file },
        cwd: root,
        logFile: join(logDir, 'policy-preview.log'),
        onStdoutLine: (line) => void printed.push(line),
      },
      keeper,
      signal,
    );
    if (end.code !== 0) {
      throw new Failure(
        program.lastErrors === '' ? describeEnd(end) : program.lastErrors.trimEnd(),
        end.code ?? 1,
      );
    }
    process.stdout.write(`${policyPreviewText(printed.join('\n'), flags.marketplace)}\n`);
    return 0;
  });
});
