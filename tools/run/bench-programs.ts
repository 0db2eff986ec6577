import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext, BenchProgram } from '../../bench/bench-context.ts';
import { compileCache } from '../stack/apps.ts';
import { Failure } from '../stack/failure.ts';
import { freePort } from '../stack/free-port.ts';
import { notReadyBecause } from '../stack/http-ready.ts';
import { root } from '../stack/paths.ts';
import { type RunningProcess, startProcess } from '../stack/process.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import type { Progress } from '../stack/progress.ts';
import type { Stack } from '../stack/stack.ts';
import { waitUntil } from '../stack/wait-until.ts';
import { residentMb } from './memory.ts';

export interface BenchContextOptions {
  readonly stack: Stack;
  readonly keeper: ProcessKeeper;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly settings: ReadonlyMap<string, number>;
}

const readyWithinMs = 120_000;
const readyCheckMs = 100;
const stopGraceMs = 12_000;
/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100;

/** The context that a benchmark is given, and how to end whatever it has started. */
export function benchContext(options: BenchContextOptions): BenchContext & { endAll(): Promise<void> } {
  const { stack, dataDir, signal, progress, settings } = options;
  const running = new Set<RunningProcess>();
  const start = (given: StartGiven): Promise<RunningProcess> => startOne(options, running, given);
  const servers = { KAFKA_BROKERS: stack.kafkaBrokers, DATABASE_URL: stack.databaseUrl };
  return {
    kafkaBrokers: stack.kafkaBrokers,
    databaseUrl: stack.databaseUrl,
    dataDir,
    signal,
    progress,
    number: (name, fallback) => settings.get(name) ?? fallback,
    startProgram: async ({ env = {}, ...given }) =>
      programOf(await start({ ...given, env: { ...servers, ...env } })),
    startSandbox: async (given = {}) => {
      const port = await freePort();
      const entry = join(root, 'apps/sandbox/dist/main.js');
      const env = { SANDBOX_LIVE_ORDERS_PER_MINUTE: '0', SANDBOX_HISTORY_ORDERS: '0', ...given };
      let ready = false;
      const sandbox = await start({
        name: 'sandbox',
        args: [entry],
        env: { ...env, PORT: String(port) },
        onStdoutLine: (line) => (ready ||= line.startsWith('{"ready":true')),
      });
      await whenReady(sandbox, signal, async () => (ready ? undefined : 'it has not said that it listens'));
      return { ...programOf(sandbox), url: `http://127.0.0.1:${port}` };
    },
    startService: async ({ name, entry, env, nodeArguments = [] }) => {
      const port = await freePort();
      const service = await start({
        name,
        args: [...nodeArguments, entry ?? join(root, 'apps', name, 'dist/main.js')],
        env: { LOG_LEVEL: 'warn', ...servers, ...env, PORT: String(port) },
      });
      await whenReady(service, signal, () => notReadyBecause(port));
      return { ...programOf(service), url: `http://127.0.0.1:${port}` };
    },
    endAll: async () => {
      await Promise.all([...running].map((one) => one.stop(stopGraceMs)));
    },
  };
}

interface StartGiven {
  readonly name: string;
  readonly args: readonly string[];
  readonly command?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onStdoutLine?: (line: string) => void;
}

async function startOne(
  { keeper, dataDir }: BenchContextOptions,
  running: Set<RunningProcess>,
  { name, args, command, env, onStdoutLine }: StartGiven,
): Promise<RunningProcess> {
  const started = await startProcess(
    {
      name,
      command: command ?? process.execPath,
      args,
      env: { ...process.env, ...compileCache, ...env },
      cwd: root,
      logFile: join(dataDir, 'logs', `${name}.log`),
      ...(onStdoutLine === undefined ? {} : { onStdoutLine }),
    },
    keeper,
  );
  running.add(started);
  void started.ended.then(() => running.delete(started));
  return started;
}

async function whenReady(
  started: RunningProcess,
  signal: AbortSignal,
  notReady: () => Promise<string | undefined>,
): Promise<void> {
  const { name } = started.specification;
  let reason: string | undefined = 'not asked yet';
  const failure = (why: string): Failure => new Failure(`${name} ${why}. It wrote:\n${started.lastOutput}`);
  await waitUntil(
    async () => {
      if (started.hasEnded) throw failure('ended before it was ready');
      reason = await notReady();
      return reason === undefined ? true : undefined;
    },
    {
      withinMs: readyWithinMs,
      everyMs: readyCheckMs,
      signal,
      late: () => failure(`is not ready: ${reason}`),
    },
  );
}

function programOf(started: RunningProcess): BenchProgram {
  const { pid } = started;
  return {
    pid,
    cpuSeconds: () => cpuSecondsOf(pid),
    residentMb: async () => (await residentMb(pid)) ?? 0,
    lastOutput: () => started.lastOutput,
    ended: started.ended,
    stop: (graceMs = stopGraceMs) => started.stop(graceMs),
  };
}

/** CPU seconds of a living process: from /proc on Linux, from ps elsewhere. */
function cpuSecondsOf(pid: number): number {
  if (process.platform === 'linux') {
    // The name, in brackets, may hold spaces; utime and stime are the 14th and 15th fields.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }
  const text = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return text.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
}
