// The image's one entry: `start.mjs <app> [arguments]`. An app is a folder of apps/; create-topics is a tool beside them.
const [, , name = '', ...rest] = process.argv;
const programs = {
  'mirakl-ingest': '../apps/mirakl-ingest/dist/main.js',
  'profile-mapper': '../apps/profile-mapper/dist/main.js',
  'klaviyo-writer': '../apps/klaviyo-writer/dist/main.js',
  'leakage-monitor': '../apps/leakage-monitor/dist/main.js',
  sandbox: '../apps/sandbox/dist/main.js',
  'create-topics': '../libs/kafka/dist/create-topics.js',
};
if (!Object.hasOwn(programs, name)) {
  process.stderr.write(`"${name}" is not in this image. It has: ${Object.keys(programs).join(', ')}\n`);
  process.exit(64);
}
// The program reads its arguments where it would find them had it been started itself.
process.argv.splice(1, 2, new URL(programs[name], import.meta.url).pathname);
await import(programs[name]);
