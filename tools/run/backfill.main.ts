// `npm run backfill`: asks a running system to load history, and shows how far it is. Ctrl-C ends the watching only.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { type Backfill, BackfillApi, hasEnded, progressLine, summaryOf } from './backfill-api.ts';
import { ended, runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run backfill -- --marketplace ID --from DATE [--to DATE] [--dry-run] [--data DIR | --url URL --token TOKEN]

  --marketplace ID   as in the policy file
  --from, --to DATE  orders created between them: 2025-01-31 or 2025-01-31T00:00:00Z; --to is now if left out
  --dry-run          only counts: orders, money, and how long Klaviyo would take
  --data DIR         the data folder of a system on this machine (default: .local/up)
  --url, --token     another system, such as http://127.0.0.1:4400

Ctrl-C ends the watching; the backfill goes on. Ends with 1 when the backfill did not end well.`;

const lookEveryMs = 1_000;
/** For a system that has just been asked to tell of it. */
const knownWithinMs = 60_000;

interface Wanted {
  readonly marketplaceId: string;
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly url: string;
  readonly token: string;
}

function readFlags(): Wanted {
  const flags = parseFlags(
    {
      marketplace: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      data: { type: 'string' },
      url: { type: 'string' },
      token: { type: 'string' },
    },
    usage,
  );
  const { marketplace, from } = flags;
  if (marketplace === undefined || from === undefined)
    throw new Failure(`--marketplace and --from are needed.\n\n${usage}`, usageErrorCode);
  const dataDir =
    flags.data === undefined
      ? join(localDir, 'up')
      : resolve(process.env['INIT_CWD'] ?? process.cwd(), flags.data);
  return {
    marketplaceId: marketplace,
    from: instantOf('--from', from),
    to: flags.to === undefined ? new Date().toISOString() : instantOf('--to', flags.to),
    dryRun: flags['dry-run'],
    url: (flags.url ?? `http://127.0.0.1:${kept(dataDir, 'api-port', '--url')}`).replace(/\/+$/, ''),
    token: flags.token ?? kept(dataDir, 'token', '--token'),
  };
}

/** What a running system keeps in its data folder for commands like this one. */
function kept(dataDir: string, name: string, flag: string): string {
  const file = join(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Failure(
    `No system keeps its data in ${dataDir}; say --data, or ${flag}.\n\n${usage}`,
    usageErrorCode,
  );
}

function instantOf(flag: string, text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = new Date(text);
  if (isDate && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new Failure(`${flag} ${text}: it must be a date such as 2025-01-31.\n\n${usage}`, usageErrorCode);
}

/** The backfill once it has ended; undefined when the watching was ended first. */
async function watch(
  api: BackfillApi,
  backfillId: string,
  signal: AbortSignal,
): Promise<Backfill | undefined> {
  const askedMs = Date.now();
  let last = '';
  while (!signal.aborted) {
    const backfill = await api.find(backfillId);
    if (backfill === undefined && Date.now() - askedMs > knownWithinMs)
      throw new Failure('The system has not told of the backfill for a minute. Is mirakl-ingest running?');
    const line = backfill === undefined ? 'asked for' : progressLine(backfill, new Date());
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
    if (backfill !== undefined && hasEnded(backfill)) return backfill;
    await Promise.race([ended(signal), new Promise((resume) => setTimeout(resume, lookEveryMs))]);
  }
  return undefined;
}

await runCommand(async ({ signal }) => {
  const { url, token, ...asked } = readFlags();
  const api = new BackfillApi(url, token);
  const backfillId = await api.start(asked);
  const backfill = await watch(api, backfillId, signal);
  if (backfill === undefined) {
    process.stdout.write(
      `\nBackfill ${backfillId} goes on; GET ${url}/api/v1/backfills shows how far it is.\n`,
    );
    return 0;
  }
  process.stdout.write(`${summaryOf(backfill)}\n`);
  return backfill.state === 'done' ? 0 : 1;
});
