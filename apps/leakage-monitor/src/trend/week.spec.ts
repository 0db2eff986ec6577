import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { weekNamed, weekOf, weeksUpTo } from './week.ts';

const TIMEZONES = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];

describe('a week', () => {
  it('begins on Monday at midnight where the review is held', () => {
    expect(weekOf(new Date('2026-03-01T22:59:59Z'), 'Europe/Paris')).toEqual({
      week: '2026-W09',
      from: '2026-02-22T23:00:00.000Z',
      to: '2026-03-01T22:59:59.999Z',
    });
    expect(weekOf(new Date('2026-03-01T23:00:00Z'), 'Europe/Paris').week).toBe('2026-W10');
  });

  it('is an hour shorter when clocks go forward in it', () => {
    const { from, to } = weekOf(new Date('2026-03-28T12:00:00Z'), 'Europe/Paris');
    expect(Date.parse(to) - Date.parse(from) + 1).toBe((7 * 24 - 1) * 3_600_000);
  });

  it('belongs to the year that most of it lies in', () => {
    expect(weekOf(new Date('2027-01-02T12:00:00Z'), 'UTC').week).toBe('2026-W53');
    expect(weekNamed('2026-W53', 'UTC')?.from).toBe('2026-12-28T00:00:00.000Z');
  });

  it('is not made up', () => {
    for (const name of ['2027-W53', '2026-W00', '2026-09', 'W09', ''])
      expect(weekNamed(name, 'UTC')).toBeUndefined();
  });

  it('comes back from its name, holds its instant, and follows the one before without a gap', () => {
    const instant = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.constantFrom(...TIMEZONES), (at, timezone) => {
        const week = weekOf(at, timezone);
        expect(weekNamed(week.week, timezone)).toEqual(week);
        expect(week.from <= at.toISOString() && at.toISOString() <= week.to).toBe(true);
        const [before] = weeksUpTo(week, 2, timezone);
        expect(Date.parse(before?.to ?? '') + 1).toBe(Date.parse(week.from));
      }),
    );
  });
});
