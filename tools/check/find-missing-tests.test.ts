import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findMissingTests } from './find-missing-tests.ts';

const root = join(import.meta.dirname, '../..');
const head = '| what went wrong | found by | file | test |\n| --- | --- | --- | --- |\n';
const page = (...rows: string[]) => ({ path: 'defects.md', text: head + rows.join('\n') });
const sources: Readonly<Record<string, string>> = {
  'a.spec.ts':
    "  it('regression: stays mended', () => {});\n// 'regression: only spoken of'\n  it('works', () => {});",
};
const problems = (...rows: string[]) => findMissingTests(page(...rows), (file) => sources[file]);

test('every test that the list of defects names exists', () => {
  const path = 'docs/decisions/defects.md';
  const document = { path, text: readFileSync(join(root, path), 'utf8') };
  assert.deepEqual(
    findMissingTests(document, (file) => readFileSync(join(root, file), 'utf8')),
    [],
  );
});

test('finds nothing where the test is there', () => {
  assert.deepEqual(problems('| it broke | chaos | `a.spec.ts` | `regression: stays mended` |'), []);
});

test('planted: a test that does not exist, or is only spoken of', () => {
  assert.match(problems('| it broke | chaos | `a.spec.ts` | `regression: is gone` |').join(), /has no test/);
  assert.match(
    problems('| it broke | chaos | `a.spec.ts` | `regression: only spoken of` |').join(),
    /has no test/,
  );
});

test('planted: a file that does not exist', () => {
  assert.match(
    problems('| it broke | chaos | `b.spec.ts` | `regression: stays mended` |').join(),
    /not there/,
  );
});

test('planted: a test that is not named as a regression, a row without a test, a list without rows', () => {
  assert.match(problems('| it broke | chaos | `a.spec.ts` | `works` |').join(), /not named as a regression/);
  assert.match(problems('| it broke | chaos | none yet | – |').join(), /1 rows name no file and test/);
  assert.deepEqual(problems(), ['defects.md has no row']);
});
