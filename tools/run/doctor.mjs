import { run } from './bootstrap.mjs';

await run('tools/run/doctor.main.ts');
