// Fails when documents and code disagree: a name without its documentation, one that is documented without existing, a
// link or a path that leads nowhere.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findBrokenLinks } from './find-broken-links.ts';
import { findMissingPaths } from './find-missing-paths.ts';
import { findUndocumented } from './find-undocumented.ts';
import { nameRegistries } from './name-registries.ts';
import { readDocuments } from './read-documents.ts';

const root = join(import.meta.dirname, '../..');
/** They may speak of what is gone. */
const past = ['CHANGELOG.md', 'UPGRADING.md'];

const documents = readDocuments(root);
const exists = (path: string): boolean => existsSync(join(root, path));
const registries = nameRegistries(root);
const problems = [
  ...findBrokenLinks(documents, exists),
  ...findMissingPaths(documents, exists, past),
  ...findUndocumented(registries, documents, past),
];
if (problems.length > 0) {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exit(1);
}
const names = registries.reduce((count, registry) => count + registry.names.size, 0);
process.stdout.write(
  `${documents.length} documents agree with ${names} names in code; their links lead somewhere\n`,
);
