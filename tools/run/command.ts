import { Failure } from '../stack/failure.ts';

/** What a command does when it is asked to end. */
export interface Ending {
  /** Aborted at the first SIGINT, SIGTERM or SIGHUP, or when the process that started this command is gone. */
  readonly signal: AbortSignal;
}

const parentCheckMs = 500;

function watchEnd(controller: AbortController): void {
  const end = (): void => controller.abort();
  // Asked twice is asked once: in a terminal both npm and the terminal itself pass Ctrl-C on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // The bootstrap on the host's Node was killed.
  if (process.channel !== undefined) {
    process.once('disconnect', end);
    process.channel.unref();
  }
  // npm was killed: it takes no one with it.
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) end();
    }, parentCheckMs).unref();
  }
}

/**
 * Runs a command: gives it the signal to end by, prints a Failure as its message alone, and sets the exit code. A
 * command that was interrupted before its end has `interruptedCode`.
 */
export async function runCommand(
  body: (ending: Ending) => Promise<number>,
  interruptedCode = 0,
): Promise<never> {
  const controller = new AbortController();
  watchEnd(controller);
  // Whoever reads the output may leave first; that is no reason to stop half-way through a shutdown.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    process.exit(await body({ signal: controller.signal }));
  } catch (error) {
    if (isEnd(error, controller.signal)) process.exit(interruptedCode);
    if (error instanceof Failure) {
      // What was asked for goes to standard output, what went wrong to standard error.
      const stream = error.exitCode === 0 ? process.stdout : process.stderr;
      stream.write(`${error.message}\n`);
      process.exit(error.exitCode);
    }
    throw error;
  }
}

/** True for the signal's own reason, and for the error that Node makes of it where something waited. */
function isEnd(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error instanceof Error && error.cause === reason));
}

/** Resolves when the command is asked to end. */
export function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
