// `npm run bench -- <name>`: measures, on a broker and a database of its own, what bench/<name>.bench.ts measures.
// Prints a table, keeps it in artifacts/bench-<name>.json, and ends with 1 when a floor is missed.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure } from '../../bench/bench-context.ts';
import { buildWhenStale } from '../stack/build.ts';
import { createTopics } from '../stack/create-topics.ts';
import { removeAbandoned, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir, root } from '../stack/paths.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import { progressOn } from '../stack/progress.ts';
import { builtPrograms } from '../stack/programs.ts';
import { startStack } from '../stack/stack.ts';
import { benchContext } from './bench-programs.ts';
import { benchTable, verdictOf } from './bench-report.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const ending = '.bench.ts';
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

const usage = `usage: npm run bench -- <name> [--json] [--built] [--set NAME=NUMBER ...]

  <name>               ${names.join(', ')}
  --json               standard output carries one JSON document, nothing for people
  --built              measures what was built last, without building what has changed since
  --set NAME=NUMBER    a setting of the benchmark, such as seconds=180`;

const progress = progressOn(process.stderr);

interface BenchFlags {
  readonly name: string;
  readonly json: boolean;
  readonly built: boolean;
  readonly settings: ReadonlyMap<string, number>;
}

function readFlags(): BenchFlags {
  const [name = '', ...rest] = process.argv.slice(2);
  if (!names.includes(name))
    throw new Failure(`There is no benchmark "${name}".\n\n${usage}`, usageErrorCode);
  const flags = parseFlags(
    {
      json: { type: 'boolean', default: false },
      built: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
    },
    usage,
    rest,
  );
  const settings = flags.set.map((text): [string, number] => {
    const [, key = '', value = ''] = /^([A-Za-z]+)=(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (key === '') throw new Failure(`--set ${text}: it must be NAME=NUMBER.\n\n${usage}`, usageErrorCode);
    return [key, Number(value)];
  });
  return { name, json: flags.json, built: flags.built, settings: new Map(settings) };
}

async function loadBench(name: string): Promise<Bench> {
  const module: unknown = await import(join(root, 'bench', `${name}${ending}`));
  const bench: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, 'bench') : undefined;
  if (!isBench(bench)) throw new Failure(`bench/${name}${ending} exports no function "bench".`);
  return bench;
}

function isBench(value: unknown): value is Bench {
  return typeof value === 'function';
}

async function measure(
  flags: BenchFlags,
  dataDir: string,
  keeper: ProcessKeeper,
  signal: AbortSignal,
): Promise<readonly Figure[]> {
  const logDir = join(dataDir, 'logs');
  const bench = await loadBench(flags.name);
  if (!flags.built) await buildWhenStale({ logFile: join(logDir, 'build.log'), keeper, progress, signal });
  const stack = await startStack({
    dataDir,
    keeper,
    database: 'watertight_bench_test',
    durable: true,
    progress,
    signal,
  });
  try {
    await createTopics({
      entry: builtPrograms.entry('create-topics'),
      kafkaBrokers: stack.kafkaBrokers,
      logFile: join(logDir, 'create-topics.log'),
      keeper,
      progress,
      signal,
    });
    const context = benchContext({ stack, keeper, dataDir, signal, progress, settings: flags.settings });
    try {
      return await bench(context);
    } finally {
      await context.endAll();
    }
  } finally {
    await stack.stop();
  }
}

await runCommand(async ({ signal }) => {
  const flags = readFlags();
  mkdirSync(localDir, { recursive: true });
  await removeAbandoned(localDir, 'bench-');
  const dataDir = mkdtempSync(join(localDir, 'bench-'));
  const startedAt = new Date().toISOString();
  try {
    const figures = await withDataDirectory(dataDir, progress, (keeper) =>
      measure(flags, dataDir, keeper, signal),
    );
    const settings = Object.fromEntries(flags.settings);
    const machine = { node: process.version, cores: availableParallelism() };
    const report = { bench: flags.name, startedAt, settings, machine, figures };
    const text = `${JSON.stringify(report, null, 2)}\n`;
    mkdirSync(join(root, 'artifacts'), { recursive: true });
    writeFileSync(join(root, 'artifacts', `bench-${flags.name}.json`), text);
    process.stdout.write(flags.json ? text : `${benchTable(figures)}\n`);
    return figures.some((figure) => verdictOf(figure) === 'below floor') ? 1 : 0;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
