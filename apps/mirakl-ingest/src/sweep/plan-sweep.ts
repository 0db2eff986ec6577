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
  const until = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
  return until <= since ? null : { since, until, cursor: null, seen: 0, attempt: 1 };
}
