import { DateTime } from 'luxon';

/** An ISO week: Monday 00:00 to Sunday's last millisecond in a time zone. */
export interface Week {
  /** `2026-W09` */
  readonly week: string;
  /** Instants in UTC, both included. */
  readonly from: string;
  readonly to: string;
}

const WEEK_NAME = /^(\d{4})-W(\d{2})$/;

/** The week that an instant lies in. Pure. */
export function weekOf(instant: Date, timezone: string): Week {
  return weekFrom(DateTime.fromJSDate(instant, { zone: timezone }).startOf('week'));
}

/** Undefined for a text that names no week of the calendar. Pure. */
export function weekNamed(name: string, timezone: string): Week | undefined {
  const [, year, number] = WEEK_NAME.exec(name) ?? [];
  if (year === undefined || number === undefined) return undefined;
  const start = DateTime.fromObject(
    { weekYear: Number(year), weekNumber: Number(number), weekday: 1 },
    { zone: timezone },
  );
  return start.isValid ? weekFrom(start.startOf('day')) : undefined;
}

/** The week and the `count - 1` before it, oldest first. Pure. */
export function weeksUpTo(last: Week, count: number, timezone: string): Week[] {
  const start = DateTime.fromISO(last.from, { zone: timezone });
  return Array.from({ length: count }, (_, index) => weekFrom(start.minus({ weeks: count - 1 - index })));
}

function weekFrom(start: DateTime): Week {
  // Not seven times 24 hours: a week in which clocks change is longer or shorter.
  const end = start.plus({ weeks: 1 }).minus({ milliseconds: 1 });
  return {
    week: `${String(start.weekYear).padStart(4, '0')}-W${String(start.weekNumber).padStart(2, '0')}`,
    from: new Date(start.toMillis()).toISOString(),
    to: new Date(end.toMillis()).toISOString(),
  };
}
