import { run } from './bootstrap.mjs';

await run('tools/run/up.main.ts');
