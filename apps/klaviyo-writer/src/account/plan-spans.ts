export interface DaySpan {
  /** `2026-11-20` */
  readonly fromDay: string;
  /** Not included. */
  readonly toDay: string;
}

const DAY_MS = 86_400_000;
/** Klaviyo aggregates over at most a year in one call. */
const SPAN_MAX_DAYS = 365;

/** The fewest spans of at most a year that hold all the days (`2026-11-20` …). */
export function planSpans(days: readonly string[]): readonly DaySpan[] {
  const sorted = [...new Set(days)].sort();
  const spans: DaySpan[] = [];
  let start: string | undefined;
  let last: string | undefined;
  for (const day of sorted) {
    if (start !== undefined && last !== undefined && daysBetween(start, day) >= SPAN_MAX_DAYS) {
      spans.push({ fromDay: start, toDay: dayAfter(last) });
      start = undefined;
    }
    start ??= day;
    last = day;
  }
  if (start !== undefined && last !== undefined) spans.push({ fromDay: start, toDay: dayAfter(last) });
  return spans;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
