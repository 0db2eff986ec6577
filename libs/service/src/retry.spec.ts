import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { backoffMs } from './retry.ts';

const limits = { baseMs: 100, maxMs: 1_000 };

describe('backoffMs', () => {
  it('doubles with each attempt up to the limit', () => {
    const waits = [1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, { ...limits, random: () => 1 }));
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('always waits at least half of the ceiling and never more than the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const waitMs = backoffMs(attempt, { ...limits, random: () => random });
          expect(waitMs).toBeGreaterThanOrEqual(50);
          expect(waitMs).toBeLessThanOrEqual(1_000);
        },
      ),
    );
  });

  it('refuses an attempt before the first', () => {
    expect(() => backoffMs(0, { ...limits, random: Math.random })).toThrow(RangeError);
  });
});
