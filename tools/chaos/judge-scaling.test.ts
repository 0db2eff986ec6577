import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countDelivery, longestPause, ratePerS } from './judge-scaling.ts';

const look = (atMs: number, dealt: number, waiting = 10): Parameters<typeof longestPause>[0][number] => ({
  atMs,
  dealt,
  waiting,
});

test('a pause lasts from the last look with the old count to the first with more', () => {
  const looks = [look(0, 1), look(100, 2), look(200, 2), look(900, 2), look(1_000, 3), look(1_100, 4)];
  assert.equal(longestPause(looks, 0, 2_000), 900);
});

test('a pause that never ends is as long as was looked', () => {
  assert.equal(longestPause([look(0, 1), look(500, 1), look(3_000, 1)], 0, 5_000), 3_000);
});

test('nothing to do is no pause', () => {
  const looks = [look(0, 5, 0), look(4_000, 5, 0), look(4_100, 5, 1), look(4_200, 6, 0)];
  assert.equal(longestPause(looks, 0, 5_000), 200);
});

test('only the time in question counts', () => {
  const looks = [look(0, 1), look(5_000, 2), look(5_100, 3), look(5_200, 4)];
  assert.equal(longestPause(looks, 5_000, 6_000), 100);
  assert.equal(ratePerS(looks, 5_000, 6_000), 10);
  assert.equal(ratePerS(looks, 7_000, 8_000), 0);
});

test('counts what is lost, doubled and unexpected', () => {
  const stored = ['a', 'b', 'b', 'b', 'z'].map((uniqueId) => ({ metric: 'Placed Order', uniqueId }));
  const expected = new Set(['a', 'b', 'c'].map((id) => `Placed Order|${id}`));
  assert.deepEqual(countDelivery(expected, stored), { lost: 1, doubled: 2, unexpected: 1 });
});
