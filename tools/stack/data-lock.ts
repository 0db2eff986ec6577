import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { ProcessKeeper } from './process-keeper.ts';
import type { Progress } from './progress.ts';
import { waitUntil } from './wait-until.ts';

const holderFile = 'keeper.json';
const noticedWithinMs = 1_000;

interface Holder {
  commandPid: number;
  ending: boolean;
}

function numberIn(value: unknown, name: string): number | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'number' ? found : undefined;
}

/** Asks the keeper that `file` names who uses the directory. undefined: it is gone, and so is all it kept. */
async function holder(file: string): Promise<Holder | undefined> {
  if (!existsSync(file)) return undefined;
  const known: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const port = numberIn(known, 'port');
  if (port === undefined) return undefined;
  const answer = await ask(port);
  // After a restart of the machine something else may have the port; it does not answer with the same keeper.
  if (numberIn(answer, 'keeperPid') !== numberIn(known, 'keeperPid')) return undefined;
  const commandPid = numberIn(answer, 'commandPid');
  if (commandPid === undefined) return undefined;
  return {
    commandPid,
    ending: typeof answer === 'object' && answer !== null && Reflect.get(answer, 'ending') === true,
  };
}

function ask(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    let text = '';
    const finish = (value: unknown): void => {
      socket.destroy();
      resolve(value);
    };
    socket.on('data', (chunk) => (text += chunk.toString('utf8')));
    socket.once('timeout', () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('end', () => {
      try {
        finish(JSON.parse(text));
      } catch {
        // Not a keeper.
        finish(undefined);
      }
    });
  });
}

/**
 * Takes `dataDir` for this command and starts its keeper. A directory whose last command was killed is taken once
 * everything that it had started is gone. Throws a Failure while another command uses it.
 */
async function holdDataDirectory(
  dataDir: string,
  progress: Progress,
  graceMs: number | undefined,
): Promise<ProcessKeeper> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, holderFile);
  const began = performance.now();
  let told = false;
  await waitUntil(
    async () => {
      const current = await holder(file);
      if (current === undefined) return true;
      // A command that was killed an instant ago may not yet have been missed by its keeper.
      if (!current.ending && performance.now() - began > noticedWithinMs) {
        throw new Failure(
          `${dataDir} is in use by a command that is still running (process ${current.commandPid}). ` +
            'End that one first, or use another directory.',
        );
      }
      if (current.ending && !told) progress('waiting for what the last run left behind to end');
      told ||= current.ending;
      return undefined;
    },
    {
      withinMs: 60_000,
      everyMs: 200,
      late: () => new Failure(`What the last run on ${dataDir} left behind does not end.`),
    },
  );
  const { keeper, pid, port } = await ProcessKeeper.start(graceMs);
  const record = (keeperPid: number, keeperPort: number): void =>
    writeFileSync(file, JSON.stringify({ keeperPid, port: keeperPort }));
  record(pid, port);
  keeper.whenMoved(record);
  return keeper;
}

/**
 * Takes `dataDir` for this command, as above, for as long as `body` runs. Afterwards every process is gone that was
 * registered with the keeper, and so is the keeper. When the command is killed, what it had started gets `graceMs` to
 * end by itself.
 */
export async function withDataDirectory<T>(
  dataDir: string,
  progress: Progress,
  body: (keeper: ProcessKeeper) => Promise<T>,
  graceMs?: number,
): Promise<T> {
  const keeper = await holdDataDirectory(dataDir, progress, graceMs);
  try {
    return await body(keeper);
  } finally {
    await keeper.close();
  }
}

/** Removes everything in a directory that this command holds, except what it holds it by. */
export function emptyDataDirectory(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (name !== holderFile) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

/**
 * Removes directories in `folder` that begin with `prefix` and whose command was killed before it could remove them
 * itself. One that is still held, or that a command is just about to take, stays.
 */
export async function removeAbandoned(folder: string, prefix: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const directory = join(folder, name);
    const file = join(directory, holderFile);
    if (!name.startsWith(prefix) || !existsSync(file)) continue;
    if ((await holder(file)) === undefined) rmSync(directory, { recursive: true, force: true });
  }
}
