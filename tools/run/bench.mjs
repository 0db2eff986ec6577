import { run } from './bootstrap.mjs';

await run('tools/run/bench.main.ts');
