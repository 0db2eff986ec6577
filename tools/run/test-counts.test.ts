import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../stack/test-support.ts';
import { sumProjectCounts } from './test-counts.ts';

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

/** Two projects with unit tests, one of them with tests of the other kind too. */
function workspace(context: TestContext): { root: string; results: string } {
  const root = temporaryFolder(context);
  writeJson(join(root, 'apps/a/package.json'), { name: '@x/a', scripts: { test: 'run', medium: 'run' } });
  writeJson(join(root, 'libs/b/package.json'), { name: '@x/b', scripts: { test: 'run' } });
  return { root, results: join(root, 'results') };
}

test('adds up what the projects have written', (context) => {
  const { root, results } = workspace(context);
  writeJson(join(results, '@x/a/unit.json'), { passed: 2, failed: 0, skipped: 1, skippedTests: ['later'] });
  writeJson(join(results, '@x/b/unit.json'), { passed: 3, failed: 1, skipped: 0, skippedTests: [] });
  const sum = sumProjectCounts(root, results, 'unit');
  assert.deepEqual(sum, { passed: 5, failed: 1, skipped: 1, skippedTests: ['later'] });
});

test('counts a project without results as a failure', (context) => {
  const { root, results } = workspace(context);
  writeJson(join(results, '@x/b/unit.json'), { passed: 3, failed: 0, skipped: 0, skippedTests: [] });
  assert.equal(sumProjectCounts(root, results, 'unit').failed, 1);
});

test('expects nothing of a project that has no such tests', (context) => {
  const { root, results } = workspace(context);
  writeJson(join(results, '@x/a/medium.json'), { passed: 1, failed: 0, skipped: 0, skippedTests: [] });
  assert.equal(sumProjectCounts(root, results, 'medium').failed, 0);
});
