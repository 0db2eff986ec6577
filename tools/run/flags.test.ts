import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../stack/failure.ts';
import { parseFlags, parsePort } from './flags.ts';

const options = { data: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

function isUsageFailure(message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.exitCode, 64);
    assert.match(error.message, message);
    assert.match(error.message, /usage: this/);
    return true;
  };
}

test('reads flags and their defaults', () => {
  assert.deepEqual({ ...parseFlags(options, '', ['--data', 'here']) }, { data: 'here', json: false });
});

test('refuses an unknown flag with the usage', () => {
  assert.throws(() => parseFlags(options, 'usage: this', ['--colour']), isUsageFailure(/--colour/));
});

test('refuses a flag without its value with the usage', () => {
  assert.throws(() => parseFlags(options, 'usage: this', ['--data']), isUsageFailure(/--data/));
});

test('refuses what is no flag at all', () => {
  assert.throws(() => parseFlags(options, 'usage: this', ['file.yaml']), isUsageFailure(/file\.yaml/));
});

test('takes a port and refuses what is none', () => {
  assert.equal(parsePort('4400', ''), 4400);
  for (const text of ['0', '65536', '80a', '-1', '']) {
    assert.throws(() => parsePort(text, 'usage: this'), isUsageFailure(/--port/));
  }
});
