import { run } from './bootstrap.mjs';

await run('tools/run/backfill.main.ts');
