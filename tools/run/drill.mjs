import { run } from './bootstrap.mjs';

await run('tools/run/drill.main.ts');
