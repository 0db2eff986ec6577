import { run } from './bootstrap.mjs';

await run('tools/run/mapping-preview.main.ts');
