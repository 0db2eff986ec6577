import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Lines kept of each output; the older ones are forgotten. */
const LINES_MAX = 500;

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node program that a test started: what it wrote, and how it ended. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Resolves when the process has ended and all its output was read. */
  readonly exited: Promise<ProcessExit>;
  /** Asks it to end; kills it when it has not within `deadlineMs` (10 s). */
  stop(deadlineMs?: number): Promise<ProcessExit>;
}

/**
 * Starts `node <arguments>` with exactly the given environment. Its standard input is a pipe from this process, so
 * that a service with WATCH_PARENT_STDIN=1 ends with the test.
 */
export function startProcess(
  nodeArguments: readonly string[],
  env: Readonly<Record<string, string>>,
): ServiceProcess {
  const child = spawn(process.execPath, nodeArguments, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout = linesOf(child.stdout);
  const stderr = linesOf(child.stderr);
  const exited = once(child, 'close').then((): ProcessExit => ({
    code: child.exitCode,
    signal: child.signalCode,
  }));
  // A program that cannot be started at all emits only an error; whoever awaits `exited` sees it.
  exited.catch(() => undefined);
  return {
    child,
    stdout,
    stderr,
    exited,
    async stop(deadlineMs = 10_000) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function linesOf(stream: NodeJS.ReadableStream): readonly string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_MAX) lines.shift();
  });
  return lines;
}
