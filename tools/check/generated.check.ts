// Fails when a generated file that is committed is not what the code generates.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allGeneratedFiles } from '../generate/all-files.ts';

const root = join(import.meta.dirname, '../..');
const stale = [...allGeneratedFiles(root)]
  .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
  .map(([path]) => path);
if (stale.length > 0) {
  process.stderr.write(
    `Out of date, run "npm run generate" and commit:\n${stale.map((path) => `  ${path}\n`).join('')}`,
  );
  process.exit(1);
}
process.stdout.write('generated files are current\n');
