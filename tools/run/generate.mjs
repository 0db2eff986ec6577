import { run } from './bootstrap.mjs';

await run('tools/run/generate.main.ts');
