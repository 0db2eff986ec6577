import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSoak } from './plan-soak.ts';

const kindsOf = (spells: ReturnType<typeof planSoak>): Set<string> =>
  new Set(spells.flatMap(({ plan }) => plan.strikes.map(({ strike }) => strike.kind)));

test('a spell a minute, the same for the same seed', () => {
  const hour = planSoak(5, 60);
  assert.equal(hour.length, 60);
  assert.deepEqual(hour, planSoak(5, 60));
  assert.notDeepEqual(hour, planSoak(6, 60));
  assert.deepEqual(
    hour.map(({ startsAtMs }) => startsAtMs),
    hour.map((_, index) => index * 60_000),
  );
});

test('strikes in every way, and kills nobody in the part by which growth is judged', () => {
  const hour = planSoak(1, 60);
  assert.deepEqual([...kindsOf(hour)].sort(), ['close_night', 'cut', 'fault', 'freeze', 'kill', 'pause']);
  assert.ok(kindsOf(hour.slice(0, 24)).has('kill'));
  assert.ok(!kindsOf(hour.slice(24)).has('kill'));
  assert.ok(kindsOf(hour.slice(24)).size >= 4);
});
