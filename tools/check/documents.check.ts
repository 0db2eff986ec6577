// Fails when documents and code disagree: a name without its documentation, one that is documented without existing, a
// link or a path that leads nowhere, a page that nobody comes to, a call of the API that nobody answers.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '../../apps/leakage-monitor/src/http/routes.ts';
import { findBrokenLinks, findUnlinked } from './find-broken-links.ts';
import { findMissingPaths } from './find-missing-paths.ts';
import { findUnhandledCalls } from './find-unhandled-calls.ts';
import { findUndocumented } from './find-undocumented.ts';
import { nameRegistries } from './name-registries.ts';
import { readDocuments } from './read-documents.ts';

const root = join(import.meta.dirname, '../..');
/** They may speak of what is gone. */
const past = ['CHANGELOG.md', 'UPGRADING.md'];

const documents = readDocuments(root);
const exists = (path: string): boolean => existsSync(join(root, path));
const monitor = join(root, 'apps/leakage-monitor/src');
const controllers = readdirSync(monitor, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.controller.ts'))
  .map((path) => readFileSync(join(monitor, path), 'utf8'));
const registries = nameRegistries(root);
const problems = [
  ...findBrokenLinks(documents, exists),
  ...findUnlinked(documents),
  ...findMissingPaths(documents, exists, past),
  ...findUndocumented(registries, documents, past),
  ...findUnhandledCalls(ROUTES, controllers),
];
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
const names = registries.reduce((count, registry) => count + registry.names.size, 0);
process.stdout.write(
  `${documents.length} documents agree with ${names} names in code; their links lead somewhere\n`,
);
