import { describe, expect, it } from '@jest/globals';
import { planSweep, sweepEveryMs } from './plan-sweep.ts';

const now = new Date('2026-03-20T12:00:00.500Z');
const policy = { backfillFrom: new Date('2026-01-01T00:00:00Z'), pollIntervalMs: 300_000, sweepDays: 14 };

describe('planSweep', () => {
  it('sweeps once a day, and within minutes where the interval is a matter of seconds', () => {
    expect(sweepEveryMs(300_000)).toBe(86_400_000);
    expect(sweepEveryMs(900_000)).toBe(86_400_000);
    expect(sweepEveryMs(1_000)).toBe(288_000);
    expect(planSweep(policy, new Date('2026-03-19T12:00:01Z'), now)).toBeNull();
    expect(planSweep(policy, new Date('2026-03-19T12:00:00Z'), now)).not.toBeNull();
  });

  it('covers the last days, closed at both ends', () => {
    expect(planSweep(policy, new Date(0), now)).toEqual({
      since: new Date('2026-03-06T12:00:00.500Z'),
      until: new Date('2026-03-20T12:00:00Z'),
      cursor: null,
      seen: 0,
      attempt: 1,
    });
  });

  it('never goes behind the beginning of history', () => {
    const young = { ...policy, backfillFrom: new Date('2026-03-18T00:00:00Z') };
    expect(planSweep(young, new Date(0), now)?.since).toEqual(young.backfillFrom);
    const future = { ...policy, backfillFrom: new Date('2027-01-01T00:00:00Z') };
    expect(planSweep(future, new Date(0), now)).toBeNull();
  });
});
