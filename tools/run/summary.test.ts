import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countStep, summary } from './summary.ts';
import { noTests } from './test-counts.ts';

const counts = { passed: 3, failed: 1, skipped: 1, skippedTests: ['needs a microscope'] };

test('ends with the totals as CI reads them', () => {
  const text = summary(
    [
      { name: 'format', outcome: 'passed', seconds: 1, counts: countStep(true, undefined) },
      { name: 'unit tests', outcome: 'failed', seconds: 2, counts: countStep(false, counts) },
    ],
    2.5,
  );
  assert.equal(text.trim().split('\n').at(-1), '4 passed, 1 failed, 1 skipped');
  assert.match(text, /skipped: needs a microscope/);
});

test('counts a step that broke before it could count as a failure', () => {
  assert.equal(countStep(false, noTests).failed, 1);
  assert.equal(countStep(false, undefined).failed, 1);
});

test('does not count a failed test twice', () => {
  assert.equal(countStep(false, counts).failed, 1);
});
