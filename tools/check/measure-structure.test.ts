import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStructureProblems } from './measure-structure.ts';

test('accepts small files with telling names', () => {
  assert.deepEqual(
    findStructureProblems([{ path: 'apps/x/src/plan-scan.ts', text: 'export const a = 1;\n' }]),
    [],
  );
});

test('finds a name that says nothing', () => {
  const problems = findStructureProblems([{ path: 'libs/x/src/string-utils.ts', text: '' }]);
  assert.deepEqual(problems, [
    'libs/x/src/string-utils.ts: "utils" says nothing; name it after what it does',
  ]);
});

test('finds a constructor with seven dependencies', () => {
  const parameters = Array.from({ length: 7 }, (_, index) => `private readonly p${index}: P`).join(', ');
  const problems = findStructureProblems([
    { path: 'a.ts', text: `class A { constructor(${parameters}) {} }` },
  ]);
  assert.deepEqual(problems, ['a.ts: a constructor with 7 dependencies; at most 6']);
});

test('finds that files have grown long', () => {
  const problems = findStructureProblems([{ path: 'a.ts', text: 'x\n'.repeat(250) }]);
  assert.deepEqual(problems, ['p90 of file length is 251 lines; at most 200']);
});
