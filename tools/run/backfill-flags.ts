import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import type { BackfillAction, BackfillRequest } from './backfill-api.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run backfill -- --marketplace ID --from DATE [--to DATE] [--dry-run] [WHERE]
       npm run backfill -- --list [WHERE]
       npm run backfill -- --watch | --pause | --resume | --cancel BACKFILL [WHERE]

  --marketplace ID   as in the policy file
  --from, --to DATE  orders created between them: 2025-01-31 or 2025-01-31T00:00:00Z; --to is now if left out
  --dry-run          only counts: orders, money, and how long Klaviyo would take
  --list             the backfills of the system, the newest first
  --watch BACKFILL   shows how far it is, until it has ended
  --pause, --resume, --cancel BACKFILL
                     what it has published stays

WHERE is one of
  --data DIR         the data folder of a system on this machine (default: .local/up)
  --url, --token     another system, such as http://127.0.0.1:4400

Ctrl-C ends the watching; the backfill goes on. Ends with 1 when the backfill did not end well.`;

/** What the command is to do. */
export type Wanted =
  | { readonly what: 'start'; readonly request: BackfillRequest }
  | { readonly what: 'list' }
  | { readonly what: 'watch'; readonly backfillId: string }
  | { readonly what: BackfillAction; readonly backfillId: string };

export interface Command {
  readonly wanted: Wanted;
  readonly url: string;
  readonly token: string;
}

const options = {
  marketplace: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  watch: { type: 'string' },
  pause: { type: 'string' },
  resume: { type: 'string' },
  cancel: { type: 'string' },
  data: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof parseFlags<typeof options>>;

/** Throws a Failure with the usage when the flags make no sense, and one without when no system has run here. */
export function readCommand(args?: string[]): Command {
  const flags = parseFlags(options, usage, args);
  if (flags.help) throw new Failure(usage, 0);
  const wanted = wantedOf(flags);
  const dataDir =
    flags.data === undefined
      ? join(localDir, 'up')
      : resolve(process.env['INIT_CWD'] ?? process.cwd(), flags.data);
  return {
    wanted,
    url: (flags.url ?? `http://127.0.0.1:${kept(dataDir, 'api-port', '--url')}`).replace(/\/+$/, ''),
    token: flags.token ?? kept(dataDir, 'token', '--token'),
  };
}

function wantedOf(flags: Flags): Wanted {
  const asked = (['watch', 'pause', 'resume', 'cancel'] as const).flatMap((what): Wanted[] => {
    const backfillId = flags[what];
    return backfillId === undefined ? [] : [{ what, backfillId }];
  });
  if (flags.list) asked.push({ what: 'list' });
  if (flags.marketplace !== undefined) asked.push(startOf(flags, flags.marketplace));
  const [wanted, other] = asked;
  if (wanted === undefined) throw misused('--marketplace and --from are needed.');
  if (other !== undefined) throw misused(`--${nameOf(wanted)} and --${nameOf(other)} do not go together.`);
  return wanted;
}

function nameOf({ what }: Wanted): string {
  return what === 'start' ? 'marketplace' : what;
}

function startOf(flags: Flags, marketplaceId: string): Wanted {
  if (flags.from === undefined) throw misused('--marketplace and --from are needed.');
  const from = instantOf('--from', flags.from);
  // The system's own clock says what "now" is.
  const to = flags.to === undefined ? {} : { to: instantOf('--to', flags.to) };
  return { what: 'start', request: { marketplaceId, from, ...to, dryRun: flags['dry-run'] } };
}

/** What a system keeps in its data folder for commands like this one. */
function kept(dataDir: string, name: string, flag: string): string {
  const file = join(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Failure(
    `No system has run with its data in ${dataDir}. Start one with npm run up, or say where it is with --data, or with ${flag}.`,
  );
}

function instantOf(flag: string, text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = new Date(text);
  // Date takes 30 February for 2 March; only a day that exists comes out as it went in.
  const day = text.slice(0, 10);
  const isDay = isDate && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) === true;
  if (isDay && !Number.isNaN(time.getTime())) return time.toISOString();
  throw misused(`${flag} ${text}: it must be a date such as 2025-01-31.`);
}

function misused(what: string): Failure {
  return new Failure(`${what}\n\n${usage}`, usageErrorCode);
}
