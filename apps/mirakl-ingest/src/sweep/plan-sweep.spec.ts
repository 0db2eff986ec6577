import { describe, expect, it } from '@jest/globals';
import { daysBetween, planSweep, requestedSweep, sweepEveryMs } from './plan-sweep.ts';

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
      countFrom: null,
      commandId: null,
    });
  });

  it('never goes behind the beginning of history', () => {
    const young = { ...policy, backfillFrom: new Date('2026-03-18T00:00:00Z') };
    expect(planSweep(young, new Date(0), now)?.since).toEqual(young.backfillFrom);
    const future = { ...policy, backfillFrom: new Date('2027-01-01T00:00:00Z') };
    expect(planSweep(future, new Date(0), now)).toBeNull();
  });
});

describe('requestedSweep', () => {
  const asked = { commandId: 'c-1', since: new Date('2026-03-01T00:00:00Z') };

  it('covers what was asked for, up to now', () => {
    const until = new Date('2027-01-01T00:00:00Z');
    expect(requestedSweep({ ...asked, until }, now)).toMatchObject({
      since: asked.since,
      until: new Date('2026-03-20T12:00:00Z'),
      commandId: 'c-1',
    });
  });

  it('is none for a span without time in it', () => {
    expect(requestedSweep({ ...asked, until: asked.since }, now)).toBeNull();
  });
});

describe('daysBetween', () => {
  it('cuts a span into the days of UTC, without a gap and without a second in two of them', () => {
    const days = daysBetween(new Date('2026-03-01T22:30:00Z'), new Date('2026-03-03T06:00:00Z'));
    expect(days.map(({ since, until }) => [since.toISOString(), until.toISOString()])).toEqual([
      ['2026-03-01T22:30:00.000Z', '2026-03-01T23:59:59.000Z'],
      ['2026-03-02T00:00:00.000Z', '2026-03-02T23:59:59.000Z'],
      ['2026-03-03T00:00:00.000Z', '2026-03-03T06:00:00.000Z'],
    ]);
  });
});
