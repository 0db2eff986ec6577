// Removes from node_modules what no program reads at run time: types, source maps, documentation.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(process.argv[2] ?? '.', 'node_modules');
const dropped = /\.(?:map|md|markdown|d\.ts|d\.mts|d\.cts|ts\.map|flow)$/i;
for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && dropped.test(entry.name)) rmSync(join(entry.parentPath, entry.name));
}
