import type { CommandClass } from './documented-commands.ts';

const untilEnded: CommandClass = { class: 'long', because: 'it stays until it is ended' };
const demo = (scenario: string): CommandClass => ({
  class: 'covered',
  by: 'tools/run/demo-scenarios.test.ts',
  shownBy: scenario,
});

/** Commands that documents show, word by word, and how it is known that each works. */
export const commandClasses: Readonly<Record<string, CommandClass>> = {
  'npm run demo': {
    class: 'long',
    because: 'it stays until it is ended; what it starts is what every test of the whole system starts',
  },
  'npm run demo -- --scenario quiet-day': demo('quiet-day'),
  'npm run demo -- --scenario sale-day': demo('sale-day'),
  'npm run demo -- --scenario leaking-marketplace': demo('leaking-marketplace'),
  'npm run demo -- --scenario klaviyo-outage': demo('klaviyo-outage'),
  'npm run demo -- --scenario refund-wave': demo('refund-wave'),
  'npm test': { class: 'long', because: 'it is what runs this test' },
  'npm test -- plan-scan': {
    class: 'covered',
    by: 'tools/run/test-steps.ts',
    shownBy: "'run-many', '-t', 'test'",
  },
  'npm run medium': {
    class: 'covered',
    by: 'tools/run/test-steps.ts',
    shownBy: "'run-many', '-t', 'medium'",
  },
  'npm run medium -- lease': {
    class: 'covered',
    by: 'tools/run/test-steps.ts',
    shownBy: "'run-many', '-t', 'medium'",
  },
  'npm run build': { class: 'covered', by: 'tools/run/test-steps.ts', shownBy: "'run-many', '-t', 'build'" },
  'npx tsc -b apps/<app>': {
    class: 'covered',
    by: 'tools/run/test-steps.ts',
    shownBy: "'run-many', '-t', 'build'",
  },
  'npm run format': {
    class: 'covered',
    by: 'tools/run/test-steps.ts',
    shownBy: "'prettier', ['--check', '.']",
  },
  'npm run generate': {
    class: 'covered',
    by: 'tools/check/generated.check.ts',
    shownBy: 'allGeneratedFiles',
  },
  'npm run stack': untilEnded,
  'npm run up': { class: 'covered', by: 'apps/e2e/src/system.fixture.ts', shownBy: 'up.mjs' },
  'npm run up -- --marketplaces marketplaces.yaml --data ./data': {
    class: 'account',
    because:
      'it wants keys of a marketplace and of Klaviyo; against the doubles every test of the whole system runs it',
  },
  'export MAISON_API_KEY=…  KLAVIYO_API_KEY=pk_…': {
    class: 'account',
    because: 'the keys are yours',
  },
  'curl -H "Authorization: Bearer $TOKEN" $API/balance': {
    class: 'covered',
    by: 'tools/run/balance.ts',
    shownBy: '/api/v1/balance',
  },
  'npm run doctor': {
    class: 'covered',
    by: 'apps/e2e/src/capture/backfill-killed.spec.ts',
    shownBy: 'doctor.mjs',
  },
  'npm run doctor -- --marketplaces marketplaces.yaml': {
    class: 'covered',
    by: 'apps/e2e/src/capture/backfill-killed.spec.ts',
    shownBy: "'doctor.mjs', ['--marketplaces'",
  },
  'npm run backfill': {
    class: 'covered',
    by: 'apps/e2e/src/capture/backfill-killed.spec.ts',
    shownBy: 'backfill.mjs',
  },
  'npm run backfill -- --marketplace maison-fr --from 2024-01-01 --dry-run': {
    class: 'covered',
    by: 'apps/e2e/src/capture/backfill-killed.spec.ts',
    shownBy: "'--dry-run'",
  },
  'npm run backfill -- --list': {
    class: 'covered',
    by: 'apps/e2e/src/capture/backfill-killed.spec.ts',
    shownBy: "'--list'",
  },
  'npm run mapping:preview': {
    class: 'covered',
    by: 'apps/e2e/src/scenarios/previews.spec.ts',
    shownBy: "'mapping-preview'",
  },
  'npm run mapping:preview -- --marketplaces marketplaces.yaml': {
    class: 'covered',
    by: 'apps/e2e/src/scenarios/previews.spec.ts',
    shownBy: "'mapping-preview'",
  },
  'npm run policy:preview': {
    class: 'covered',
    by: 'apps/e2e/src/scenarios/previews.spec.ts',
    shownBy: "'policy-preview'",
  },
  'npm run policy:preview -- --marketplaces marketplaces.yaml': {
    class: 'covered',
    by: 'apps/e2e/src/scenarios/previews.spec.ts',
    shownBy: "'policy-preview'",
  },
  'npm run ledger:rebuild': {
    class: 'covered',
    by: 'apps/leakage-monitor/src/rebuild/rebuild-ledger.medium-spec.ts',
    shownBy: 'rebuildLedger',
  },
  'npm run bench': { class: 'long', because: 'it measures for minutes' },
  'npm run bench -- scale-out': { class: 'long', because: 'it measures for minutes' },
  'npm audit': {
    class: 'covered',
    by: 'tools/check/dependencies.check.ts',
    shownBy: "'audit', '--omit=dev'",
  },
  'npm run drill': { class: 'long', because: 'each disaster and the way back take minutes' },
  'npm run drill -- klaviyo-key': { class: 'long', because: 'it takes minutes' },
  'npm run drill -- mirakl-key': { class: 'long', because: 'it takes minutes' },
  'npm run drill -- lost-ledger': { class: 'long', because: 'it takes minutes' },
  'npm run drill -- lost-database': { class: 'long', because: 'it takes minutes' },
  'npm run drill -- lost-broker': { class: 'long', because: 'it takes minutes' },
  'npm run scale': { class: 'run' },
  'npm run scale -- --marketplaces 1000 --orders 10000000 --peak 3': { class: 'run' },
  'npm run fuzz': { class: 'long', because: 'it goes on for as many seeds as one likes' },
  'npm run chaos': { class: 'covered', by: 'apps/e2e/src/scenarios/chaos.spec.ts', shownBy: 'chaos.mjs' },
  'npm run chaos -- --crash-points': {
    class: 'covered',
    by: 'apps/e2e/src/scenarios/chaos.spec.ts',
    shownBy: '--crash-points',
  },
  'npm run chaos -- --soak --minutes 60': { class: 'long', because: 'it takes an hour' },
  'npm run klaviyo:assets': { class: 'account', because: 'it wants a key of a Klaviyo account' },
  'npm run klaviyo:assets -- --dry-run': {
    class: 'covered',
    by: 'tools/run/klaviyo-assets.test.ts',
    shownBy: '--dry-run',
  },
  'npm run klaviyo:assets -- --apply': {
    class: 'covered',
    by: 'tools/run/klaviyo-assets.test.ts',
    shownBy: '--apply',
  },
  'node dist/main.js': {
    class: 'covered',
    by: 'tools/run/klaviyo-assets.test.ts',
    shownBy: 'apps/sandbox/dist/main.js',
  },
};

/** Programs that need a cluster, a registry or servers of one's own, whatever they are told to do. */
export const foreignPrograms: readonly { readonly begins: RegExp; readonly because: string }[] = [
  { begins: /^(?:kubectl|kustomize|helm)\b/, because: 'it needs a cluster' },
  { begins: /^docker\b/, because: 'it needs a container engine, which not every machine has' },
  { begins: /^(?:psql|pg_dump|pg_restore)\b/, because: "it needs the operator's database" },
  { begins: /^npm run bench -- /, because: 'it measures for minutes' },
  { begins: /^(?:git|npm ci|npm install)\b/, because: 'it changes the working copy' },
];
