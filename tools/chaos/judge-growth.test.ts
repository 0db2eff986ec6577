import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeGrowth, type SoakSample } from './judge-growth.ts';

const limits = { processes: { 'klaviyo-writer': 25 }, stored: ['database'], storedPerOrder: 1.5 };

/** Thirty minutes, a sample each: 100 orders and 300 kB a minute, a writer that needs about 150 MB. */
function soak(
  change: (sample: SoakSample, minute: number) => Partial<SoakSample> = () => ({}),
): SoakSample[] {
  return Array.from({ length: 30 }, (_, minute) => {
    const sample = {
      atMs: minute * 60_000,
      orders: 500 + 100 * minute,
      processes: { 'klaviyo-writer': { pid: 7, mb: 150 + (minute % 3) } },
      stored: { database: 20_000_000 + 1_000_000 * minute },
    };
    return { ...sample, ...change(sample, minute) };
  });
}

const writer = (pid: number, mb: number) => ({ processes: { 'klaviyo-writer': { pid, mb } } });

test('finds nothing where memory is flat and what is kept grows with the orders', () => {
  assert.deepEqual(judgeGrowth(soak(), limits), []);
});

test('takes warm-up for what it is', () => {
  const warmingUp = soak((_, minute) => writer(7, Math.min(180, 80 + 20 * minute)));
  assert.deepEqual(judgeGrowth(warmingUp, limits), []);
});

test('finds memory that goes on growing', () => {
  const leaking = soak((_, minute) => writer(7, 120 + 4 * minute));
  assert.match(
    judgeGrowth(leaking, limits).join(),
    /klaviyo-writer grew from \d+ to \d+ MB; 25 MB are allowed/,
  );
});

test('finds a leak that a kill in the middle would hide', () => {
  const killed = soak((_, minute) =>
    writer(minute < 10 ? 7 : 8, 120 + 6 * (minute % 10) + 6 * Math.max(0, minute - 10)),
  );
  assert.match(judgeGrowth(killed, limits).join(), /klaviyo-writer grew/);
});

test('says so when a process never lived long enough to be judged', () => {
  const dying = soak((_, minute) => writer(Math.floor(minute / 4), 150));
  assert.match(judgeGrowth(dying, limits).join(), /4 samples at most: its growth cannot be judged/);
  const absent = soak(() => ({ processes: {} }));
  assert.match(judgeGrowth(absent, limits).join(), /0 samples at most/);
});

test('finds what is kept growing faster than the orders', () => {
  const filling = soak((_, minute) => ({ stored: { database: 20_000_000 + 60_000 * minute ** 2 } }));
  assert.match(
    judgeGrowth(filling, { ...limits, storedPerOrder: 1.2 }).join(),
    /database: a new order took \d+ bytes/,
  );
});

test('finds growth that no order explains', () => {
  const idle = soak(() => ({ orders: 500 }));
  assert.match(judgeGrowth(idle, limits).join(), /database grew by \d+ bytes, and no order explains it/);
});

test('passes over the moments in which a size could not be asked, and says so when there are too many', () => {
  const restarted = soak((sample, minute) => (minute % 5 === 4 ? { stored: {} } : sample));
  assert.deepEqual(judgeGrowth(restarted, limits), []);
  const silent = soak((sample, minute) => (minute > 2 ? { stored: {} } : sample));
  assert.match(judgeGrowth(silent, limits).join(), /database was seen in 3 samples only/);
});

test('each kind of thing that is kept is judged for itself', () => {
  const topics = soak((sample, minute) => ({
    stored: {
      ...sample.stored,
      topics: minute < 20 ? 1_000_000 * minute : 20_000_000 + 9_000_000 * (minute - 20),
    },
  }));
  const found = judgeGrowth(topics, { ...limits, stored: ['database', 'topics'] });
  assert.equal(found.length, 1);
  assert.match(found.join(), /^topics: /);
});
