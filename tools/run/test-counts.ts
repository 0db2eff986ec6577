import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const Counts = Type.Object({
  passed: Type.Integer(),
  failed: Type.Integer(),
  skipped: Type.Integer(),
  skippedTests: Type.Array(Type.String()),
});
export type Counts = Static<typeof Counts>;

const countsShape = Compile(Counts);
const projectShape = Compile(
  Type.Object({
    name: Type.String(),
    scripts: Type.Optional(Type.Record(Type.String(), Type.String())),
  }),
);

export const noTests: Counts = { passed: 0, failed: 0, skipped: 0, skippedTests: [] };

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    skippedTests: [...one.skippedTests, ...other.skippedTests],
  };
}

/** The counts in a results file; undefined when the run wrote none. */
export function readCounts(file: string): Counts | undefined {
  return existsSync(file) ? countsShape.Parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export type TestKind = 'unit' | 'medium' | 'e2e';

/** Names of the workspace's projects that have this script in their package.json. */
function projectsWith(root: string, script: string): string[] {
  return ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((folder) => join(root, group, folder, 'package.json'))
      .filter((file) => existsSync(file))
      .map((file) => projectShape.Parse(JSON.parse(readFileSync(file, 'utf8'))))
      .filter(({ scripts }) => scripts?.[script] !== undefined)
      .map(({ name }) => name),
  );
}

/**
 * The sum over all projects of the results that tools/jest/run.mjs wrote for `kind`. They are outputs of the Nx
 * tasks, so a task that Nx took from its cache is counted as it was when it ran. A project that should have results
 * and has none counts as one failure: tests that nobody counted may not have run.
 */
export function sumProjectCounts(root: string, resultsFolder: string, kind: TestKind): Counts {
  return projectsWith(root, kind === 'unit' ? 'test' : kind)
    .map((name) => readCounts(join(resultsFolder, name, `${kind}.json`)) ?? { ...noTests, failed: 1 })
    .reduce(addCounts, noTests);
}
