// Fails when the console's types of the API are not those of the committed OpenAPI document.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../apps/console');
const { status, error } = spawnSync(
  process.execPath,
  [
    'node_modules/openapi-typescript/bin/cli.js',
    '../leakage-monitor/openapi.json',
    '-o',
    'src/api/schema.d.ts',
    '--check',
  ],
  { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
);
if (error !== undefined) throw error;
if (status !== 0) {
  process.stderr.write(
    'apps/console/src/api/schema.d.ts is out of date, run "npm run generate" and commit\n',
  );
  process.exit(1);
}
process.stdout.write("the console's types of the API are current\n");
