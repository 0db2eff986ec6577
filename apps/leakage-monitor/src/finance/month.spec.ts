import { describe, expect, it } from '@jest/globals';
import { addMonths, monthNamed, monthOf, monthsBetween } from './month.ts';

describe('a month', () => {
  it('begins and ends at midnight where the marketplace is', () => {
    expect(monthNamed('2026-03', 'Europe/Paris')).toEqual({
      month: '2026-03',
      from: '2026-02-28T23:00:00.000Z',
      // Clocks went forward in between.
      before: '2026-03-31T22:00:00.000Z',
    });
    expect(monthOf(new Date('2026-02-28T23:30:00Z'), 'Europe/Paris')).toBe('2026-03');
    expect(monthOf(new Date('2026-02-28T23:30:00Z'), 'UTC')).toBe('2026-02');
  });

  it('follows the one before without a gap, also over the turn of the year', () => {
    for (const timezone of ['UTC', 'America/Sao_Paulo', 'Asia/Tokyo']) {
      expect(monthNamed('2025-12', timezone).before).toBe(monthNamed('2026-01', timezone).from);
    }
    expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(monthsBetween('2026-02', '2026-01')).toEqual([]);
    expect(addMonths('2026-01', -2)).toBe('2025-11');
  });

  it('is refused when the calendar has none such', () => {
    expect(() => monthNamed('2026-13', 'UTC')).toThrow(RangeError);
  });
});
