import { run } from './bootstrap.mjs';

await run('tools/run/stack.main.ts');
