import { describe, expect, it } from '@jest/globals';
import { weekOf } from '../trend/week.ts';
import { reviewDueAt, reviewStateOf } from './review-calendar.ts';

const paris = { day: 'tuesday', timezone: 'Europe/Paris' } as const;
const week = weekOf(new Date('2026-02-25T12:00:00Z'), 'Europe/Paris');
const stateAt = (now: string, signed = false) => reviewStateOf(week, signed, paris, new Date(now));

describe('the calendar of the weekly review', () => {
  it('asks for it by the end of the chosen day after the week', () => {
    expect(week.week).toBe('2026-W09');
    expect(reviewDueAt(week, paris)).toBe('2026-03-03T22:59:59.999Z');
    expect(reviewDueAt(week, { ...paris, day: 'sunday' })).toBe('2026-03-08T22:59:59.999Z');
  });

  it('is running, then due, then overdue, until somebody signs', () => {
    expect(stateAt('2026-03-01T22:59:59Z')).toBe('running');
    expect(stateAt('2026-03-01T23:00:00Z')).toBe('due');
    expect(stateAt('2026-03-03T22:00:00Z')).toBe('due');
    expect(stateAt('2026-03-03T23:00:00Z')).toBe('overdue');
    expect(stateAt('2026-05-01T00:00:00Z', true)).toBe('signed');
  });
});
