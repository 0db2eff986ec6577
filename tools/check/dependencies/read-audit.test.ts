import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAudit } from './read-audit.ts';

test('counts what is grave', () => {
  const answer = { metadata: { vulnerabilities: { low: 9, moderate: 4, high: 2, critical: 1 } } };
  assert.deepEqual(readAudit(JSON.stringify(answer)), { known: true, grave: 3 });
});

test('does not take silence for a good answer', () => {
  for (const [text, because] of [
    ['', /no answer in time/],
    ['{"statusCode":405,"error":{"summary":""}}', /answers 405/],
    ['{"error":{"summary":"ENOTFOUND"}}', /ENOTFOUND/],
    ['{"metadata":{}}', /no counts/],
  ] as const) {
    const answer = readAudit(text);
    assert.ok(!answer.known, text);
    assert.match(answer.because, because);
  }
});
