import { describe, expect, it } from '@jest/globals';
import { nameOfPeriod, periodOf } from './period.ts';

const now = new Date('2026-03-15T22:30:00Z');

describe('periods', () => {
  it('count today as the last of their days', () => {
    expect(periodOf('7d', now)).toEqual({ from: '2026-03-09', to: '2026-03-15' });
    expect(periodOf('12w', now)).toEqual({ from: '2025-12-22', to: '2026-03-15' });
  });

  it('end last month with its last day, also in a leap year and over the turn of a year', () => {
    expect(periodOf('before', now)).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(periodOf('before', new Date('2028-03-01T00:00:00Z')).to).toBe('2028-02-29');
    expect(periodOf('before', new Date('2026-01-31T12:00:00Z'))).toEqual({
      from: '2025-12-01',
      to: '2025-12-31',
    });
  });

  it('are known again by their days, so that a link shows the name it was sent with', () => {
    for (const name of ['all', '7d', '30d', '12w', 'month', 'before'] as const) {
      expect(nameOfPeriod(periodOf(name, now), now)).toBe(name);
    }
    expect(nameOfPeriod({ from: '2026-01-02', to: '2026-01-03' }, now)).toBe('custom');
  });
});
