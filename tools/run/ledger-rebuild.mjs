import { run } from './bootstrap.mjs';

await run('tools/run/ledger-rebuild.main.ts');
