/** A marketplace's orders over the last weeks, hour by hour. */
export interface OrderHistory {
  /** When the buyer of the newest order ordered; null without any. */
  readonly lastOrderAt: string | null;
  /** Start of the hour (UTC, ISO 8601) → orders created in it. Hours without orders may be left out. */
  readonly hours: ReadonlyMap<string, number>;
  /** When the history that `hours` holds begins. */
  readonly since: string;
}

export interface Silence {
  readonly lastOrderAt: string;
  /** Orders that its own history would have brought since then. */
  readonly expected: number;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Less history than this says nothing about what is usual. */
const HISTORY_MS_MIN = 7 * 24 * HOUR_MS;
/** When ten orders are usual, none at all happens by chance about once in twenty thousand times (e^-10). */
const EXPECTED_MIN = 10;

/**
 * Has the marketplace gone quiet against its own history? Pure. What is usual is told by the same hours of the week
 * (UTC) in the weeks before, so a quiet night is not a silence. Null while it is not silent, or nobody can say.
 */
export function judgeSilence({ lastOrderAt, hours, since }: OrderHistory, now: Date): Silence | null {
  if (lastOrderAt === null) return null;
  const lastMs = Date.parse(lastOrderAt);
  const sinceMs = Date.parse(since);
  if (lastMs - sinceMs < HISTORY_MS_MIN) return null;
  const usual = usualByHourOfWeek(hours, sinceMs, lastMs);
  let expected = 0;
  for (let fromMs = lastMs; fromMs < now.getTime(); fromMs = nextHour(fromMs)) {
    const partMs = Math.min(nextHour(fromMs), now.getTime()) - fromMs;
    expected += (usual.get(hourOfWeek(fromMs)) ?? 0) * (partMs / HOUR_MS);
  }
  return expected >= EXPECTED_MIN ? { lastOrderAt, expected: Math.round(expected) } : null;
}

/** Orders per hour of the week, on average over the weeks of the history. The silence itself is no part of it. */
function usualByHourOfWeek(
  hours: ReadonlyMap<string, number>,
  sinceMs: number,
  untilMs: number,
): Map<number, number> {
  const weeks = Math.max(1, (untilMs - sinceMs) / WEEK_MS);
  const sums = new Map<number, number>();
  for (const [hour, orders] of hours) {
    const key = hourOfWeek(Date.parse(hour));
    sums.set(key, (sums.get(key) ?? 0) + orders / weeks);
  }
  return sums;
}

function hourOfWeek(ms: number): number {
  return Math.floor(ms / HOUR_MS) % (7 * 24);
}

function nextHour(ms: number): number {
  return (Math.floor(ms / HOUR_MS) + 1) * HOUR_MS;
}
