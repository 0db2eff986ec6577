import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf, reportOf } from './doctor-report.ts';

const line = (check: string, marketplaceId: string | null, result: string, detail = 'a sentence'): string =>
  JSON.stringify({ check, marketplaceId, result, detail });

test('takes the findings out of what a program printed, and nothing else', () => {
  const output = [
    'starting',
    line('orders', 'maison-fr', 'ok'),
    '{"level":30}',
    line('x', null, 'odd'),
    '',
  ].join('\n');
  assert.deepEqual(findingsOf(output), [
    { check: 'orders', marketplaceId: 'maison-fr', result: 'ok', detail: 'a sentence' },
  ]);
});

test('groups by marketplace and says how many there are of each kind', () => {
  const output = [line('api', null, 'ok'), line('orders', 'm', 'problem'), line('shop', 'm', 'warning')].join(
    '\n',
  );
  const report = reportOf(findingsOf(output));
  assert.match(
    report,
    /^the system\n {2}ok {7}api {5}a sentence\n\nm\n {2}PROBLEM {2}orders {2}a sentence\n/,
  );
  assert.match(report, /1 fine, 1 to look at, 1 to mend$/);
});

test('breaks a long sentence between words', () => {
  const report = reportOf(findingsOf(line('shop', 'm', 'warning', 'word '.repeat(40).trim())));
  assert.ok(report.split('\n').every((one) => one.length < 120));
});

test('regression: says a wrong key once, and names the checks that it fails', () => {
  const sentence = 'Mirakl refused the API key';
  const output = [
    line('orders', 'm', 'problem', sentence),
    line('account', 'm', 'warning', `the account cannot be read: ${sentence}`),
    line('platform', 'm', 'warning', `the platform cannot be read: ${sentence}`),
    line('shop', 'm', 'warning', 'another sentence'),
    line('account', 'n', 'warning', `of another marketplace: ${sentence}`),
  ].join('\n');
  const report = reportOf(findingsOf(output));
  assert.match(
    report,
    /PROBLEM {2}orders {3,}Mirakl refused the API key \(so these could not be checked: account, platform\)/,
  );
  assert.equal(report.split(sentence).length - 1, 2);
  assert.match(report, /0 fine, 2 to look at, 1 to mend$/);
});
