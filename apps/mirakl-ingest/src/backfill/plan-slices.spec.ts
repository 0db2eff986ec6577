import { describe, expect, it } from '@jest/globals';
import { planSlices } from './plan-slices.ts';

const at = (text: string) => new Date(text);
const DAY_MS = 86_400_000;

describe('planSlices', () => {
  it('takes a short span as it is', () => {
    const [since, until] = [at('2026-01-01T00:00:00Z'), at('2026-02-01T00:00:00Z')];
    expect(planSlices(since, until)).toEqual([{ since, until }]);
  });

  it('cuts a long one so that every second is in one slice, and none is longer than a year', () => {
    const slices = planSlices(at('2020-02-01T00:00:00Z'), at('2026-03-10T12:00:00.700Z'));
    expect(slices).toHaveLength(7);
    expect(slices[0]?.since).toEqual(at('2020-02-01T00:00:00Z'));
    expect(slices.at(-1)?.until).toEqual(at('2026-03-10T12:00:00Z'));
    slices.forEach(({ since, until }, index) => {
      expect(until.getTime() - since.getTime()).toBeLessThanOrEqual(365 * DAY_MS);
      const next = slices[index + 1];
      if (next !== undefined) expect(next.since.getTime() - until.getTime()).toBe(1_000);
    });
  });

  it('has none where there is no time in the span', () => {
    expect(planSlices(at('2026-02-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toEqual([]);
  });
});
