import { run } from './bootstrap.mjs';

await run('tools/run/test.main.ts');
