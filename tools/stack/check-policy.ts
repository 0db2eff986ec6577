import { join } from 'node:path';
import { Failure } from './failure.ts';
import { runToEnd } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';

/**
 * Throws a Failure with every problem of the policy file, so that a typing error is known before the broker is up.
 * The program that finds them uses the built libraries, so the build comes first.
 */
export async function checkPolicy(options: {
  file: string;
  logFile: string;
  keeper: ProcessKeeper;
  signal: AbortSignal;
}): Promise<void> {
  const { end, process: program } = await runToEnd(
    {
      name: 'check-policy',
      command: process.execPath,
      args: [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'check-policy.main.ts'),
        options.file,
      ],
      logFile: options.logFile,
      tailLines: 200,
    },
    options.keeper,
    options.signal,
  );
  if (end.code !== 0) throw new Failure(program.lastErrors, end.code ?? 1);
}
