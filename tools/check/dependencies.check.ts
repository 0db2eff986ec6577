// Fails when a direct dependency has no line in docs/decisions/dependencies.md, a version is not exact, something that
// ships has a licence that is not on the list, something does not come from a registry with a checksum, or (where the
// registry answers) it has a known grave hole.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  directDependencies,
  findLicenceProblems,
  findLooseVersions,
  findUnverifiable,
  findUnexplained,
} from './dependencies/find-dependency-problems.ts';
import { readAudit } from './dependencies/read-audit.ts';

const root = join(import.meta.dirname, '../..');
const files = ['apps', 'libs']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')))
  .concat('package.json')
  .map((path) => join(root, path))
  .filter((path) => existsSync(path));
const manifests = files.map((path): unknown => JSON.parse(readFileSync(path, 'utf8')));
const page = readFileSync(join(root, 'docs/decisions/dependencies.md'), 'utf8');
const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const problems = [
  ...findUnexplained(directDependencies(manifests), page),
  ...findLooseVersions(manifests),
  ...findLicenceProblems(lock),
  ...findUnverifiable(lock),
];

const AUDIT_TIMEOUT_MS = 20_000;
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: AUDIT_TIMEOUT_MS,
  maxBuffer: 64 * 1024 * 1024,
});
const audit = readAudit(stdout);
if (audit.known && audit.grave > 0)
  problems.push(`npm audit knows ${audit.grave} grave holes in what ships: npm audit --omit=dev`);
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
process.stdout.write(
  'every direct dependency is explained, exact and freely licensed; every package has a checksum\n',
);
process.stdout.write(
  audit.known
    ? 'npm audit: nothing grave in what ships\n'
    : `npm audit: NOT RUN, so known holes are not ruled out: ${audit.because}\n`,
);
