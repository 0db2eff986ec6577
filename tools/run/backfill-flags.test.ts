import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../stack/failure.ts';
import { readCommand } from './backfill-flags.ts';

const where = ['--url', 'http://127.0.0.1:4400/', '--token', 't-1'];
const folder = mkdtempSync(join(tmpdir(), 'watertight-flags-'));
after(() => rmSync(folder, { recursive: true }));

const refuses = (args: string[], message: RegExp, exitCode: number): void =>
  assert.throws(
    () => readCommand(args),
    (error) => error instanceof Failure && message.test(error.message) && error.exitCode === exitCode,
    args.join(' '),
  );

test('reads what is to be loaded, and from which system', () => {
  const span = ['--marketplace', 'maison-fr', '--from', '2026-01-01', '--to', '2026-02-01T12:00:00+01:00'];
  assert.deepEqual(readCommand([...span, '--dry-run', ...where]), {
    wanted: {
      what: 'start',
      request: {
        marketplaceId: 'maison-fr',
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-02-01T11:00:00.000Z',
        dryRun: true,
      },
    },
    url: 'http://127.0.0.1:4400',
    token: 't-1',
  });
});

test('leaves the end to the system where none is given', () => {
  const { wanted } = readCommand(['--marketplace', 'm', '--from', '2026-01-01', ...where]);
  assert.deepEqual(wanted, {
    what: 'start',
    request: { marketplaceId: 'm', from: '2026-01-01T00:00:00.000Z', dryRun: false },
  });
});

test('takes what is to be done about a backfill', () => {
  for (const what of ['watch', 'pause', 'resume', 'cancel'] as const)
    assert.deepEqual(readCommand([`--${what}`, 'b-1', ...where]).wanted, { what, backfillId: 'b-1' });
  assert.deepEqual(readCommand(['--list', ...where]).wanted, { what: 'list' });
});

test('finds the system by its data folder', () => {
  writeFileSync(join(folder, 'api-port'), '4401\n');
  writeFileSync(join(folder, 'token'), 't-2\n');
  const { url, token } = readCommand(['--list', '--data', folder]);
  assert.deepEqual({ url, token }, { url: 'http://127.0.0.1:4401', token: 't-2' });
});

test('regression: a day that does not exist is not taken for another one', () => {
  for (const day of ['2026-02-30', '2026-13-01', '2026-00-10', '2026-02-30T00:00:00Z', 'yesterday', ''])
    refuses(['--marketplace', 'm', '--from', day, ...where], /it must be a date such as/, 64);
  const leap = readCommand(['--marketplace', 'm', '--from', '2024-02-29', ...where]).wanted;
  assert.equal(leap.what === 'start' && leap.request.from, '2024-02-29T00:00:00.000Z');
});

test('says what is missing, and what does not go together', () => {
  refuses(['--marketplace', 'm', ...where], /--marketplace and --from are needed/, 64);
  refuses([...where], /--marketplace and --from are needed/, 64);
  refuses(['--list', '--cancel', 'b-1', ...where], /--cancel and --list do not go together/, 64);
  refuses(['--list', '--data', join(folder, 'nowhere')], /No system has run with its data in/, 1);
  refuses(['--help'], /^usage: npm run backfill/, 0);
});
