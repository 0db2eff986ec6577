const DAY_MS = 24 * 60 * 60_000;
/** With the default interval of 5 minutes a sweep begins once a day; tests with seconds see one within minutes. */
const SWEEP_EVERY_POLLS = 288;
const SWEEP_AT_LEAST_EVERY_MS = DAY_MS;

/** A pass over the orders of the last days by creation date. */
export interface Sweep {
  readonly since: Date;
  readonly until: Date;
  /** The next page; null before the first one. */
  readonly cursor: string | null;
  readonly seen: number;
  /** A sweep that saw fewer orders than Mirakl counts is made once more. */
  readonly attempt: number;
  /** The next day to count, once all pages have been read; null before. */
  readonly countFrom: Date | null;
  /** The command of the person who asked for it; null for the daily one. */
  readonly commandId: string | null;
}

export interface SweepRequest {
  readonly commandId: string;
  readonly since: Date;
  readonly until: Date;
}

export interface SweepPolicy {
  readonly backfillFrom: Date;
  readonly pollIntervalMs: number;
  readonly sweepDays: number;
}

/** How long after a sweep the next one begins, in milliseconds. Pure. */
export function sweepEveryMs(pollIntervalMs: number): number {
  return Math.min(pollIntervalMs * SWEEP_EVERY_POLLS, SWEEP_AT_LEAST_EVERY_MS);
}

/**
 * The sweep to begin now, or null while none is due. Pure. The window is closed at both ends: a creation date does not
 * change, so unlike a window of update dates it neither gains nor loses orders while it is paged through.
 */
export function planSweep(policy: SweepPolicy, sweptAt: Date, now: Date): Sweep | null {
  if (now.getTime() - sweptAt.getTime() < sweepEveryMs(policy.pollIntervalMs)) return null;
  const since = new Date(Math.max(now.getTime() - policy.sweepDays * DAY_MS, policy.backfillFrom.getTime()));
  return sweepBetween(since, now, null);
}

/** The sweep that a person asked for. It ends now at the latest: what is created while it pages is the fast loop's. Pure. */
export function requestedSweep({ commandId, since, until }: SweepRequest, now: Date): Sweep | null {
  return sweepBetween(since, until < now ? until : now, commandId);
}

function sweepBetween(since: Date, end: Date, commandId: string | null): Sweep | null {
  const until = new Date(Math.floor(end.getTime() / 1_000) * 1_000);
  if (until <= since) return null;
  return { since, until, cursor: null, seen: 0, attempt: 1, countFrom: null, commandId };
}

export interface Day {
  /** Both ends belong to it; Mirakl's creation dates have whole seconds. */
  readonly since: Date;
  readonly until: Date;
}

/** The days in UTC from `from` up to `until`, the first and the last cut where the span is. Pure. */
export function daysBetween(from: Date, until: Date): readonly Day[] {
  const days: Day[] = [];
  for (let since = from.getTime(); since <= until.getTime();) {
    const next = (Math.floor(since / DAY_MS) + 1) * DAY_MS;
    days.push({ since: new Date(since), until: new Date(Math.min(next - 1_000, until.getTime())) });
    since = next;
  }
  return days;
}
