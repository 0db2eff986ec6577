import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../stack/test-support.ts';
import { ruleTestsFile, rulesFile } from './read-monitoring.ts';

// promtool is installed by .ci/run where Debian's registry answers.
const isHere = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).error === undefined;
const unless = { skip: isHere ? (false as const) : 'promtool is not installed here' };

/** Whether the committed tests of the rules pass with the rules changed. */
function testsPassWith(context: TestContext, change: (rules: string) => string): boolean {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'rules'));
  mkdirSync(join(folder, 'tests'));
  writeFileSync(join(folder, 'rules/watertight.yml'), change(readFileSync(rulesFile, 'utf8')));
  const tests = join(folder, 'tests/watertight.test.yml');
  writeFileSync(tests, readFileSync(ruleTestsFile, 'utf8'));
  return spawnSync('promtool', ['test', 'rules', tests], { stdio: 'ignore' }).status === 0;
}

test('the tests of the rules pass, and fail when an alert is changed', unless, (context) => {
  assert.equal(
    testsPassWith(context, (rules) => rules),
    true,
  );
  for (const [from, to] of [
    ['watertight:lag_seconds:by_group_topic > 300', 'watertight:lag_seconds:by_group_topic > 300000'],
    ['abs(watertight_balance_difference_orders)', 'watertight_balance_difference_orders'],
  ] as const) {
    const changed = testsPassWith(context, (rules) => {
      assert.ok(rules.includes(from), `no rule says ${from}`);
      return rules.replaceAll(from, to);
    });
    assert.equal(changed, false, `no test notices ${to}`);
  }
});

test('promtool refuses a rule that is no PromQL', unless, (context) => {
  const file = join(temporaryFolder(context), 'rules.yml');
  const check = (): number | null =>
    spawnSync('promtool', ['check', 'rules', file], { stdio: 'ignore' }).status;
  const rules = readFileSync(rulesFile, 'utf8');
  writeFileSync(file, rules);
  assert.equal(check(), 0);
  writeFileSync(file, rules.replace('sum by (group', 'sum by ((group'));
  assert.equal(check(), 1);
});
