import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localDir, root } from '../stack/paths.ts';
import { runToEnd } from '../stack/process.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import { startStack } from '../stack/stack.ts';
import type { Progress } from '../stack/progress.ts';
import { readCounts, sumProjectCounts, type Counts } from './test-counts.ts';

/** What a step needs to run. */
export interface StepContext {
  keeper: ProcessKeeper;
  progress: Progress;
  signal: AbortSignal;
  /** Thrown away afterwards. */
  dataDir: string;
  /** Where what it prints goes. */
  output: NodeJS.WritableStream;
}

export interface StepResult {
  ok: boolean;
  /** Of a step that consists of tests; any other counts as one. */
  counts?: Counts;
}

export interface Step {
  name: string;
  /** Cannot give a sensible answer when the build has failed. */
  needsBuild: boolean;
  run(context: StepContext): Promise<StepResult>;
}

/** Where every run of tests leaves its counts. Emptied before the first: what is there later is of this run. */
export const resultsFolder = join(localDir, 'test-results');

const nxEnvironment = { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };

async function execute(
  command: string,
  args: readonly string[],
  { keeper, signal, dataDir, output }: StepContext,
  env: NodeJS.ProcessEnv = {},
): Promise<boolean> {
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const { end } = await runToEnd(
    {
      name: command,
      command: command === 'node' ? process.execPath : join(root, 'node_modules/.bin', command),
      args,
      cwd: root,
      env: { ...process.env, ...nxEnvironment, ...colours, ...env },
      logFile: join(dataDir, 'logs/steps.log'),
      echo: output,
    },
    keeper,
    signal,
  );
  return end.code === 0;
}

function commandStep(name: string, command: string, args: readonly string[], needsBuild = false): Step {
  return { name, needsBuild, run: async (context) => ({ ok: await execute(command, args, context) }) };
}

function testFiles(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}

/** The scripts in tools/check: each fails by its exit code and says why. */
const checkStep: Step = {
  name: 'checks',
  needsBuild: true,
  run: async (context) => {
    let ok = true;
    for (const file of testFiles('tools/check', '.check.ts')) {
      const passed = await execute('node', ['--disable-warning=ExperimentalWarning', file], context);
      if (!passed) context.output.write(`${file} failed\n`);
      ok &&= passed;
    }
    return { ok };
  },
};

/** The tests of the commands themselves, on Node's own test runner. */
const toolsStep: Step = {
  name: 'tests of the commands',
  needsBuild: true,
  run: async (context) => {
    const file = join(resultsFolder, 'tools.json');
    mkdirSync(dirname(file), { recursive: true });
    const reporters = [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${join(import.meta.dirname, 'count-reporter.mjs')}`,
      `--test-reporter-destination=${file}`,
    ];
    const ok = await execute(
      'node',
      ['--disable-warning=ExperimentalWarning', '--test', ...reporters, ...testFiles('tools', '.test.ts')],
      context,
    );
    const counts = readCounts(file);
    return { ok, ...(counts === undefined ? {} : { counts }) };
  },
};

const unitStep: Step = {
  name: 'unit tests',
  needsBuild: false,
  run: async (context) => ({
    ok: await execute('nx', ['run-many', '-t', 'test'], context),
    counts: sumProjectCounts(root, resultsFolder, 'unit'),
  }),
};

/** Tests on a real broker and a real database, started for them unless the environment names both. */
const mediumStep: Step = {
  name: 'tests on real Kafka and PostgreSQL',
  needsBuild: true,
  run: async (context) => {
    const stack = await startStack({ ...context, database: 'watertight_test', durable: false });
    try {
      const env = { KAFKA_BROKERS: stack.kafkaBrokers, DATABASE_URL: stack.databaseUrl };
      // They wait for Kafka more than they compute, and each test has topics and a schema of its own.
      const ok = await execute('nx', ['run-many', '-t', 'medium', '--parallel=2'], context, env);
      return { ok, counts: sumProjectCounts(root, resultsFolder, 'medium') };
    } finally {
      await stack.stop();
    }
  },
};

const wholeSystemStep: Step = {
  name: 'tests of the whole system',
  needsBuild: true,
  run: async (context) => ({
    ok: await execute('nx', ['run-many', '-t', 'e2e', '--parallel=1'], context),
    counts: sumProjectCounts(root, resultsFolder, 'e2e'),
  }),
};

/**
 * Everything that `npm test` does: one round after the other, the lanes of a round side by side, the steps of a lane in
 * order. What talks to a broker has a round of its own: beside work that takes both cores its deadlines would not hold.
 */
export const rounds: readonly (readonly (readonly Step[])[])[] = [
  [[commandStep('build', 'nx', ['run-many', '-t', 'build'])]],
  [
    [commandStep('lint', 'nx', ['run-many', '-t', 'lint', '--parallel=1'])],
    [
      commandStep('format', 'prettier', ['--check', '.']),
      commandStep('lint of the commands', 'eslint', ['tools', 'bench']),
      commandStep('types of the commands', 'tsc', ['-p', 'tools'], true),
      checkStep,
    ],
  ],
  [[toolsStep]],
  [[unitStep]],
  [[mediumStep]],
  [[wholeSystemStep]],
];
