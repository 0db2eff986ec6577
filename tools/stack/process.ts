import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { OutputTail } from './output-tail.ts';
import { signalGroup } from './process-group.ts';
import type { ProcessKeeper } from './process-keeper.ts';

const stopGraceMs = 3_000;

export interface ProcessSpecification {
  /** How people know it, for messages. */
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Everything it prints is appended here. */
  logFile: string;
  /** What asks it to end. */
  stopSignal?: NodeJS.Signals;
  onStdoutLine?: (line: string) => void;
  /** Everything it prints is passed on to here too. */
  echo?: NodeJS.WritableStream;
  /** How many of the last lines are kept for messages. */
  tailLines?: number;
}

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** "exit code 3", "killed by SIGKILL". */
export function describeEnd(end: ProcessEnd): string {
  return end.signal === null ? `exit code ${end.code}` : `killed by ${end.signal}`;
}

/** One started process, leader of its own group, registered with the keeper until it has ended. */
export class RunningProcess {
  readonly pid: number;
  /** Resolves when the process has ended and its output is read to the end. */
  readonly ended: Promise<ProcessEnd>;
  readonly specification: ProcessSpecification;
  private readonly output: OutputTail;
  private readonly errors: OutputTail;
  private end: ProcessEnd | undefined;

  constructor(
    specification: ProcessSpecification,
    child: ChildProcessByStdio<null, Readable, Readable>,
    pid: number,
    tails: { output: OutputTail; errors: OutputTail },
    keeper: ProcessKeeper,
  ) {
    this.specification = specification;
    this.pid = pid;
    this.output = tails.output;
    this.errors = tails.errors;
    // Whatever it leaves behind in its group goes with it; it could also hold the output open.
    child.once('exit', () => signalGroup(pid, 'SIGKILL'));
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.end = { code, signal };
        keeper.forget(pid);
        resolve(this.end);
      });
    });
  }

  get hasEnded(): boolean {
    return this.end !== undefined;
  }

  /** The last lines it printed. */
  get lastOutput(): string {
    return this.output.toString();
  }

  /** The last lines it printed to standard error. */
  get lastErrors(): string {
    return this.errors.toString();
  }

  /** Asks it to end, and kills its whole group when it has not ended within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    if (this.hasEnded) return;
    signalGroup(this.pid, this.specification.stopSignal ?? 'SIGTERM');
    const kill = setTimeout(() => signalGroup(this.pid, 'SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(kill);
  }
}

/** Starts a process in a group of its own. Rejects when it cannot be started at all. */
export async function startProcess(
  specification: ProcessSpecification,
  keeper: ProcessKeeper,
): Promise<RunningProcess> {
  mkdirSync(dirname(specification.logFile), { recursive: true });
  const log = createWriteStream(specification.logFile, { flags: 'a', mode: 0o600 });
  const tails = {
    output: new OutputTail(specification.tailLines),
    errors: new OutputTail(specification.tailLines),
  };
  const child = spawn(specification.command, [...specification.args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: specification.env ?? process.env,
    ...(specification.cwd === undefined ? {} : { cwd: specification.cwd }),
    ...(specification.uid === undefined ? {} : { uid: specification.uid }),
    ...(specification.gid === undefined ? {} : { gid: specification.gid }),
  });
  const pid = child.pid;
  if (pid === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new Error(`${specification.name} cannot be started: ${error.message}`, { cause: error });
  }
  keeper.keep(pid, specification.stopSignal ?? 'SIGTERM');
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      log.write(text);
      tails.output.add(text);
      specification.echo?.write(text);
    });
  }
  child.stderr.on('data', (text: string) => tails.errors.add(text));
  if (specification.onStdoutLine !== undefined) readLines(child.stdout, specification.onStdoutLine);
  child.once('close', () => log.end());
  return new RunningProcess(specification, child, pid, tails, keeper);
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let partial = '';
  stream.on('data', (text: string) => {
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}

/** Runs a program to its end; the signal ends it early. Returns how it ended and what it printed last. */
export async function runToEnd(
  specification: ProcessSpecification,
  keeper: ProcessKeeper,
  signal: AbortSignal,
): Promise<{ end: ProcessEnd; process: RunningProcess }> {
  signal.throwIfAborted();
  const process = await startProcess(specification, keeper);
  const stop = (): void => void process.stop(stopGraceMs);
  signal.addEventListener('abort', stop, { once: true });
  const end = await process.ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return { end, process };
}
