import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeStrike, planChaos } from './plan-chaos.ts';

const limits = { durationMs: 20_000, strikes: 12 };

test('the same seed gives the same strikes, another seed others', () => {
  assert.deepEqual(planChaos(7, limits), planChaos(7, limits));
  assert.notDeepEqual(planChaos(7, limits).strikes, planChaos(8, limits).strikes);
});

test('over many seeds every kind of strike comes, in order of time and inside the run', () => {
  const plans = Array.from({ length: 50 }, (_, seed) => planChaos(seed, limits));
  const kinds = new Set(plans.flatMap(({ strikes }) => strikes.map(({ strike }) => strike.kind)));
  assert.deepEqual([...kinds].sort(), ['close_night', 'cut', 'fault', 'freeze', 'kill', 'pause']);
  for (const { strikes } of plans) {
    assert.equal(strikes.length, limits.strikes);
    assert.ok(strikes.every(({ atMs }, index) => atMs >= (strikes[index - 1]?.atMs ?? 0) && atMs <= 20_000));
  }
});

test('kills no process so often that its supervisor gives it up', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const kills = new Map<string, number>();
    for (const { strike } of planChaos(seed, { ...limits, strikes: 40 }).strikes) {
      if (strike.kind === 'kill') kills.set(strike.process, (kills.get(strike.process) ?? 0) + 1);
    }
    assert.ok([...kills.values()].every((times) => times <= 3));
  }
});

test('each strike has a line for people', () => {
  for (const planned of planChaos(3, { ...limits, strikes: 40 }).strikes) {
    assert.match(describeStrike(planned), /^ *\d+\.\d s {2}\S/);
  }
});
