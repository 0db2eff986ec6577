import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDeadExports } from './find-dead-exports.ts';

test('planted: an export that only a list of re-exports names', () => {
  const files = [
    { path: 'libs/x/src/lamp.ts', text: 'export const LAMPS = 1;\nexport function light(): void {}\n' },
    { path: 'libs/x/src/index.ts', text: "export { LAMPS, light } from './lamp.ts';\n" },
    { path: 'apps/y/src/room.ts', text: "import { light } from '@x';\nlight();\n" },
  ];
  assert.deepEqual(findDeadExports(files), [
    'libs/x/src/lamp.ts: nothing uses LAMPS; delete it, or do with it what it is for',
  ]);
});

test('an export that a test or its own file uses is alive', () => {
  const files = [
    { path: 'a.ts', text: 'export type A = string;\nexport const b: A = "";\n' },
    { path: 'a.spec.ts', text: "import { b } from './a.ts';\n" },
  ];
  assert.deepEqual(findDeadExports(files), []);
});
