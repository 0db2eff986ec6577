import { type Weekday, WEEKDAYS } from '@watertight/marketplaces';
import { DateTime } from 'luxon';
import type { Week } from '../trend/week.ts';

export type ReviewState = 'running' | 'due' | 'overdue' | 'signed';

export interface ReviewCalendar {
  readonly day: Weekday;
  readonly timezone: string;
}

/** The end of the day on which a week is reviewed: the first such day after its Sunday. Pure. */
export function reviewDueAt({ to }: Week, { day, timezone }: ReviewCalendar): string {
  const monday = DateTime.fromISO(to, { zone: timezone }).plus({ milliseconds: 1 });
  const due = monday.plus({ days: WEEKDAYS.indexOf(day) }).endOf('day');
  return new Date(due.toMillis()).toISOString();
}

/** Pure. */
export function reviewStateOf(week: Week, signed: boolean, calendar: ReviewCalendar, now: Date): ReviewState {
  if (signed) return 'signed';
  const instant = now.toISOString();
  if (instant <= week.to) return 'running';
  return instant <= reviewDueAt(week, calendar) ? 'due' : 'overdue';
}
