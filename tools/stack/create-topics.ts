import { Failure } from './failure.ts';
import { root } from './paths.ts';
import { describeEnd, runToEnd } from './process.ts';
import type { ProcessKeeper } from './process-keeper.ts';
import type { Progress } from './progress.ts';

/** Creates the topics that are missing on the broker. Throws a Failure with the program's words when it cannot. */
export async function createTopics(options: {
  /** The program to run. */
  entry: string;
  kafkaBrokers: string;
  logFile: string;
  keeper: ProcessKeeper;
  progress: Progress;
  signal: AbortSignal;
}): Promise<void> {
  options.progress('broker: creating the topics that are missing');
  const { end, process: program } = await runToEnd(
    {
      name: 'create-topics',
      command: process.execPath,
      args: [options.entry],
      env: { ...process.env, KAFKA_BROKERS: options.kafkaBrokers },
      cwd: root,
      logFile: options.logFile,
    },
    options.keeper,
    options.signal,
  );
  if (end.code !== 0) {
    const words = program.lastErrors === '' ? program.lastOutput : program.lastErrors;
    throw new Failure(`The topics could not be created (${describeEnd(end)}):\n${words}`);
  }
}
