import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allGeneratedFiles } from '../generate/all-files.ts';

const root = join(import.meta.dirname, '../..');
const files = allGeneratedFiles(root);
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
process.stdout.write(`${files.size} generated files written\n`);
