import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchTable, verdictOf } from './bench-report.ts';

test('a figure is held against its floor and its aim', () => {
  const figure = { name: 'rate', unit: 'events/s', floor: 97, aim: 99 };
  assert.equal(verdictOf({ ...figure, value: 96.9 }), 'below floor');
  assert.equal(verdictOf({ ...figure, value: 97 }), 'floor met');
  assert.equal(verdictOf({ ...figure, value: 99 }), 'aim met');
  assert.equal(verdictOf({ name: 'rate', unit: '', value: 1 }), '');
});

test('of times and memory less is better', () => {
  const figure = { name: 'p99', unit: 'ms', floor: 1_000, aim: 250, better: 'less' } as const;
  assert.equal(verdictOf({ ...figure, value: 1_001 }), 'below floor');
  assert.equal(verdictOf({ ...figure, value: 1_000 }), 'floor met');
  assert.equal(verdictOf({ ...figure, value: 200 }), 'aim met');
});

test('the table shows numbers as people read them', () => {
  const table = benchTable([
    { name: 'stored', value: 450_000, unit: 'events', floor: 436_500 },
    { name: 'p50', value: 12.345, unit: 'ms', floor: 20, better: 'less' },
  ]);
  assert.match(table, /stored +450 000 +events +≥ 436 500 +floor met/);
  assert.match(table, /p50 +12\.35 +ms +≤ 20 +floor met/);
});
