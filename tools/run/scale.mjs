import { run } from './bootstrap.mjs';

await run('tools/run/scale.main.ts');
