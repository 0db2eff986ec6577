import { run } from './bootstrap.mjs';

await run('tools/run/chaos.main.ts');
