// Fails when a production file breaks the gates on size and names.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findLooseMetrics } from './find-loose-metrics.ts';
import { findStructureProblems } from './measure-structure.ts';

const root = join(import.meta.dirname, '../..');
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'apps', 'libs', 'tools'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter(
    (path) =>
      /\.tsx?$/.test(path) && !/\.(spec|medium-spec|test|fixture)\.tsx?$|\/e2e\/|^libs\/testing\//.test(path),
  )
  .filter((path) => existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const problems = [...findStructureProblems(files), ...findLooseMetrics(files)];
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
process.stdout.write(`${files.length} production files keep the gates on size and names\n`);
