import { run } from './bootstrap.mjs';

await run('tools/run/demo.main.ts');
