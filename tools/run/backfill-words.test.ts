import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backfill } from './backfill-api.ts';
import { hasEnded, listOf, progressLine, summaryOf } from './backfill-words.ts';

const backfill: Backfill = {
  backfillId: 'b-1',
  marketplaceId: 'maison-fr',
  at: '2026-03-10T12:00:00Z',
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  state: 'running',
  dryRun: false,
  ordersTotal: 1_000,
  ordersSeen: 400,
  ordersPublished: 390,
  money: [{ amount: '1234.56', currency: 'EUR' }],
  klaviyoSeconds: 150,
  finishesAt: '2026-03-10T12:10:00Z',
  route: 'export',
  detail: null,
};

test('says in a line how far it is and what it waits for', () => {
  assert.equal(progressLine(backfill), 'running, 400 of 1000 orders by export, about 10 min to go');
  const waiting = { ...backfill, state: 'waiting', finishesAt: null, detail: 'live orders come first' };
  assert.equal(progressLine(waiting), 'waiting, 400 of 1000 orders by export: live orders come first');
});

test('says what came of it, with the money and Klaviyo’s time', () => {
  assert.equal(
    summaryOf({ ...backfill, state: 'done' }),
    '400 orders were read, 390 of them were new or had changed.\n  1234.56 EUR\n' +
      'Klaviyo takes about 3 min for them at its own limit.',
  );
  assert.match(summaryOf({ ...backfill, state: 'done', dryRun: true }), /^400 orders would be read; nothing/);
  assert.match(summaryOf({ ...backfill, state: 'failed', detail: 'no key' }), /It ended as failed: no key$/);
});

test('regression: an empty span is said to be empty', () => {
  const empty = { ...backfill, ordersSeen: 0, ordersPublished: 0, money: [], klaviyoSeconds: 0 };
  assert.equal(summaryOf({ ...empty, state: 'done' }), 'There are no orders in that span.');
  assert.equal(summaryOf({ ...empty, state: 'cancelled' }), 'No order was read.\nIt ended as cancelled.');
});

test('lists them with what was asked for', () => {
  const [id, what, progress] = listOf([{ ...backfill, dryRun: true }]).split('\n');
  assert.equal(id, 'b-1');
  assert.equal(what, '  maison-fr, 2026-01-01 to 2026-02-01, dry run');
  assert.match(progress ?? '', /^ {2}running, 400 of 1000/);
  assert.equal(listOf([]), 'There has been no backfill.');
});

test('knows when there is nothing more to wait for', () => {
  assert.deepEqual(
    ['requested', 'paused', 'done', 'cancelled', 'failed'].map((state) => hasEnded({ state })),
    [false, false, true, true, true],
  );
});
