// Fails when a production file breaks the gates on size and names, or exports what nothing uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDeadExports } from './find-dead-exports.ts';
import { findLooseMetrics } from './find-loose-metrics.ts';
import { findStructureProblems } from './measure-structure.ts';
import { listFiles } from './read-documents.ts';

const root = join(import.meta.dirname, '../..');
const generated = 'apps/console/src/api/schema.d.ts';
const isTest = /\.(spec|medium-spec|test|fixture)\.tsx?$|\/e2e\/|^libs\/testing\//;
const sources = listFiles(
  root,
  (path) => /^(apps|libs|tools|bench)\/.*\.(tsx?|mjs)$/.test(path) && path !== generated,
).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const production = sources.filter(({ path }) => /\.tsx?$/.test(path) && !isTest.test(path));
const problems = [
  ...findStructureProblems(production),
  ...findLooseMetrics(production),
  ...findDeadExports(sources),
];
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
process.stdout.write(
  `${production.length} production files keep the gates on size and names; no export is dead\n`,
);
