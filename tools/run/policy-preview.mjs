import { run } from './bootstrap.mjs';

await run('tools/run/policy-preview.main.ts');
