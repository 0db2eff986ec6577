// Fails when a topic's schema is no longer compatible with the one last published in libs/contracts/published.
import { ALL_TOPICS } from '@watertight/contracts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaOf } from '../generate/contract-files.ts';
import { findBreakingChanges } from './find-breaking-changes.ts';

const folder = join(import.meta.dirname, '../../libs/contracts/published');
const problems: string[] = [];
for (const topic of ALL_TOPICS) {
  const file = join(folder, `${topic.name}.json`);
  if (!existsSync(file)) continue;
  const changes = findBreakingChanges(
    JSON.parse(readFileSync(file, 'utf8')),
    JSON.parse(JSON.stringify(schemaOf(topic))),
  );
  problems.push(...changes.map((change) => `${topic.name} ${change}`));
}
const names = new Set(ALL_TOPICS.map((topic) => `${topic.name}.json`));
for (const file of readdirSync(folder)) {
  if (!names.has(file)) problems.push(`${file} was published and its topic is gone`);
}
if (problems.length > 0) {
  process.stderr.write(
    `A published version only gains optional fields. A breaking change is a new .v2 topic:\n`,
  );
  for (const problem of problems) process.stderr.write(`  ${problem}\n`);
  process.exit(1);
}
process.stdout.write(`${readdirSync(folder).length} published schemas are still honoured\n`);
