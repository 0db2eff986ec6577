import { DateTime } from 'luxon';

/** A calendar month in a time zone. */
export interface Month {
  /** `2026-03` */
  readonly month: string;
  /** Instants in UTC: the first included, the second not. */
  readonly from: string;
  readonly before: string;
}

/** Pure. Throws RangeError for a text that is no month. */
export function monthNamed(name: string, timezone: string): Month {
  const start = DateTime.fromFormat(name, 'yyyy-MM', { zone: timezone });
  if (!start.isValid) throw new RangeError(`"${name}" is no month in ${timezone}`);
  return {
    month: name,
    from: new Date(start.toMillis()).toISOString(),
    before: new Date(start.plus({ months: 1 }).toMillis()).toISOString(),
  };
}

/** `2026-03`, as the calendar stands in the time zone. Pure. */
export function monthOf(instant: Date, timezone: string): string {
  return DateTime.fromJSDate(instant, { zone: timezone }).toFormat('yyyy-MM');
}

/** `count` is negative for months before. Pure. */
export function addMonths(name: string, count: number): string {
  return DateTime.fromFormat(name, 'yyyy-MM', { zone: 'utc' }).plus({ months: count }).toFormat('yyyy-MM');
}

/** Every month from the first to the last, both included; none when they stand the wrong way round. Pure. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}
