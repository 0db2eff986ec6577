import { run } from './bootstrap.mjs';

await run('tools/run/fuzz.main.ts');
