import { run } from './bootstrap.mjs';

await run('tools/run/klaviyo-assets.main.ts');
