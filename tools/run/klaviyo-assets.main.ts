// `npm run klaviyo:assets`: segments and templates of the folder klaviyo-assets, made or brought up to date at Klaviyo.
import { join, resolve } from 'node:path';
import { Failure } from '../stack/failure.ts';
import { root } from '../stack/paths.ts';
import { configurationErrorCode } from '../stack/supervisor.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';
import { AssetsAccount } from './klaviyo-assets-account.ts';
import { applyAssets } from './klaviyo-assets-apply.ts';
import { readAssets, readAssetSettings } from './klaviyo-assets-files.ts';
import { segmentProblems } from './klaviyo-assets-names.ts';
import { describePlan, planAssets } from './klaviyo-assets-plan.ts';
import { readRecordedIds } from './klaviyo-assets-record.ts';

const usage = `usage: npm run klaviyo:assets -- --dry-run|--apply [--settings FILE] [--record FILE]

  --dry-run         says what would change at Klaviyo, line by line, and changes nothing
  --apply           says the same, then does it
  --settings FILE   SKUs, channels and spans of time (default: klaviyo-assets/settings.yaml)
  --record FILE     ids of what was made; keep it in git (default: klaviyo-assets/recorded-ids.json)

Environment: KLAVIYO_ASSETS_API_KEY, a key of its own with the scopes accounts:read, segments:read, segments:write,
templates:read and templates:write; optionally KLAVIYO_BASE_URL.`;

const folder = join(root, 'klaviyo-assets');

function keyFromEnvironment(): string {
  const key = process.env['KLAVIYO_ASSETS_API_KEY'] ?? '';
  if (key === '') throw new Failure(`KLAVIYO_ASSETS_API_KEY is not set.\n\n${usage}`, configurationErrorCode);
  if (key === process.env['KLAVIYO_API_KEY']) {
    throw new Failure(
      'KLAVIYO_ASSETS_API_KEY is the key of klaviyo-writer. Make one of its own: the writer must not be able to write ' +
        'segments, and this command needs no profiles and no events.',
      configurationErrorCode,
    );
  }
  return key;
}

await runCommand(async () => {
  const flags = parseFlags(
    {
      'dry-run': { type: 'boolean', default: false },
      apply: { type: 'boolean', default: false },
      settings: { type: 'string', default: join(folder, 'settings.yaml') },
      record: { type: 'string', default: join(folder, 'recorded-ids.json') },
    },
    usage,
  );
  if (flags['dry-run'] === flags.apply) {
    throw new Failure(`Say either --dry-run or --apply.\n\n${usage}`, usageErrorCode);
  }
  const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
  const recordFile = fromUser(flags.record);
  const assets = readAssets(folder, readAssetSettings(fromUser(flags.settings)));
  const problems = assets.flatMap((asset) => (asset.kind === 'segment' ? segmentProblems(asset) : []));
  if (problems.length > 0) throw new Failure(problems.join('\n'));

  const account = new AssetsAccount({
    baseUrl: process.env['KLAVIYO_BASE_URL'] || 'https://a.klaviyo.com',
    key: keyFromEnvironment(),
    pause: (ms) => new Promise((resume) => setTimeout(resume, ms)),
  });
  const accountId = await account.accountId();
  const steps = planAssets(assets, await account.listAssets(), readRecordedIds(recordFile, accountId));
  process.stdout.write(`Klaviyo account ${accountId}\n${describePlan(steps)}\n`);
  if (!flags.apply) return 0;
  const done = await applyAssets(steps, { account, accountId, recordFile });
  process.stdout.write(`${done.created} created, ${done.updated} changed, ${done.left} not touched\n`);
  return done.left === 0 ? 0 : 1;
});
