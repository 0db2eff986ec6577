import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findContracting } from './find-contracting.ts';

const root = join(import.meta.dirname, '../../..');

/** Statements that may stand, and why. What is older than the first release has no version before it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // Not released yet: the key of sums by day got one more column.
  'leakage-monitor/src/migrations/add-words.ts': ['drop constraint balance_day_pkey'],
  // No unique ones: each gives way to a wider one, and the last statement is the way back.
  'leakage-monitor/src/migrations/add-indexes.ts': [
    'drop index ledger_order_newest',
    'drop index ledger_order_by_buyer',
    'drop index exception_event_by_time, timeline_entry_verified, timeline_entry_captured, ledger_order_by_buyer,',
  ],
  // Made wider: the next statement lets more words in than before.
  'klaviyo-writer/src/migrations/keep-profiles.ts': ['drop constraint buyer_event_word_check'],
};

const migration = (up: string): string =>
  `class A { async up(r) { await r.query(\`${up}\`); }\n async down(r) { await r.query('drop table t'); } }`;

test('every migration only adds, so that the version before runs on the schema', () => {
  const apps = readdirSync(join(root, 'apps'));
  const files = apps.flatMap((app) => {
    const folder = join(root, 'apps', app, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?:^|\/)migrations\/[\w-]+\.ts$/.test(name))
      .map((name) => `${app}/src/${name}`);
  });
  assert.ok(files.length >= 10, 'the migrations are not found');
  for (const file of files) {
    const found = findContracting(readFileSync(join(root, 'apps', file), 'utf8'));
    assert.deepEqual(found, allowed[file] ?? [], file);
  }
});

test('takes what adds, and what goes back', () => {
  for (const up of [
    'create table t (id text primary key, at timestamptz not null)',
    'alter table t add column total bigint',
    "alter table t add column kind text not null default ''",
    'create index t_by_kind on t (kind)',
  ])
    assert.deepEqual(findContracting(migration(up)), [], up);
});

for (const up of [
  'drop table t',
  'alter table t drop column total',
  'alter table t rename column total to sum',
  'alter table t rename to u',
  'alter table t alter column total type integer',
  'alter table t alter column total set not null',
  'alter table t add column kind text not null',
  'truncate t',
]) {
  test(`finds: ${up}`, () => assert.equal(findContracting(migration(up)).length, 1));
}
