// `npm run backfill`: asks a running system to load history, and shows how far it is. Ctrl-C ends the watching only.
import { Failure } from '../stack/failure.ts';
import { type Backfill, BackfillApi, type BackfillRequest } from './backfill-api.ts';
import { readCommand, type Wanted } from './backfill-flags.ts';
import { hasEnded, listOf, progressLine, summaryOf } from './backfill-words.ts';
import { ended, runCommand } from './command.ts';

const lookEveryMs = 1_000;
/** For a system that has just been asked to tell of it. */
const knownWithinMs = 60_000;

const tell = (text: string): void => void process.stdout.write(`${text}\n`);

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
    const line = backfill === undefined ? 'asked for' : progressLine(backfill);
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
    if (backfill !== undefined && hasEnded(backfill)) return backfill;
    await Promise.race([ended(signal), new Promise((resume) => setTimeout(resume, lookEveryMs))]);
  }
  return undefined;
}

async function watchToEnd(api: BackfillApi, backfillId: string, signal: AbortSignal): Promise<number> {
  const backfill = await watch(api, backfillId, signal);
  if (backfill === undefined) {
    tell(`\nThe backfill goes on. To see how far it is: npm run backfill -- --watch ${backfillId}`);
    tell(`To end it: npm run backfill -- --cancel ${backfillId}`);
    return 0;
  }
  tell(summaryOf(backfill));
  return backfill.state === 'done' ? 0 : 1;
}

async function start(api: BackfillApi, request: BackfillRequest): Promise<string> {
  const backfillId = await api.start(request);
  // Said at once: whatever becomes of this command, the backfill can be found again.
  process.stderr.write(`backfill ${backfillId}\n`);
  return backfillId;
}

async function known(api: BackfillApi, backfillId: string): Promise<string> {
  if ((await api.find(backfillId)) !== undefined) return backfillId;
  throw new Failure(`The system knows no backfill ${backfillId}; --list shows those it knows.`);
}

async function act(api: BackfillApi, wanted: Wanted, signal: AbortSignal): Promise<number> {
  switch (wanted.what) {
    case 'start':
      return watchToEnd(api, await start(api, wanted.request), signal);
    case 'watch':
      return watchToEnd(api, await known(api, wanted.backfillId), signal);
    case 'list':
      tell(listOf(await api.list()));
      return 0;
    default:
      await api.control(wanted.backfillId, wanted.what);
      tell(`Asked for; npm run backfill -- --watch ${wanted.backfillId} shows what comes of it.`);
      return 0;
  }
}

await runCommand(({ signal }) => {
  const { url, token, wanted } = readCommand();
  return act(new BackfillApi(url, token), wanted, signal);
});
