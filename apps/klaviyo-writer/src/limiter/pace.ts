/** A fixed window of Klaviyo's: at most `requests` between two of its ticks, and we do not know when it ticks. */
export interface QuotaWindow {
  readonly requests: number;
  readonly windowMs: number;
}

/** What Klaviyo allows on one route; every window counts. */
export type Quota = readonly QuotaWindow[];

/** How requests are spread: one per interval, with a little in hand for a burst after a quiet time. */
export interface Pace {
  readonly intervalMs: number;
  /** Requests that may go at once after a quiet time; at least 1. */
  readonly burst: number;
}

export interface PaceOptions {
  /** Part of the quota that is ours, above 0 and at most 1; the rest is left to other integrations. */
  readonly share: number;
  /** Most requests that may go at once. */
  readonly burst: number;
  /** A request may reach Klaviyo this much later than its slot. */
  readonly latenessMs: number;
}

/** Keeps the first and the last slot of a full window from both falling on its edges when sums are rounded. */
const EDGE_MS = 1;

/**
 * The fastest pace that stays within every window wherever it begins.
 *
 * With an interval T and a burst of b, the slots within any stretch of length L number at most ceil(L / T) + b - 1.
 * What arrives within a window of length W left its slot within W + lateness, so n requests per window are kept when
 * T >= (W + lateness) / (n - b + 1).
 */
export function paceFor(quota: Quota, { share, burst, latenessMs }: PaceOptions): Pace {
  if (!(share > 0 && share <= 1)) throw new RangeError(`a share must be above 0 and at most 1: ${share}`);
  const allowed = quota.map((window) => shareOf(window, share));
  const fewest = Math.min(...allowed.map(({ requests }) => requests));
  // Half of the smallest window at most: the other half is for the requests that come evenly.
  const usable = Math.max(1, Math.min(burst, Math.floor(fewest / 2)));
  const intervals = allowed.map(
    ({ requests, windowMs }) => (windowMs + latenessMs + EDGE_MS) / (requests - usable + 1),
  );
  return { intervalMs: Math.max(...intervals), burst: usable };
}

/** A share of less than one request in a window is one request in a longer one. */
function shareOf({ requests, windowMs }: QuotaWindow, share: number): QuotaWindow {
  const whole = Math.floor(requests * share);
  return whole >= 1
    ? { requests: whole, windowMs }
    : { requests: 1, windowMs: windowMs / (requests * share) };
}

/** How far ahead of its even place in the row a slot may be, in milliseconds. */
export function burstMs({ intervalMs, burst }: Pace): number {
  return intervalMs * (burst - 1);
}

export interface Row {
  /** The next slot's even place in the row. */
  readonly nextMs: number;
}

/**
 * Takes `count` slots at the end of the row. The same sum is in limiter.store.ts in SQL, where the replicas share it;
 * here it can be tried against any windows. Returns the slots' times and the row after them.
 */
export function takeSlots(row: Row, pace: Pace, count: number, nowMs: number): { slots: number[]; row: Row } {
  const first = Math.max(row.nextMs, nowMs);
  const slots = Array.from({ length: count }, (_, index) =>
    slotAt(first + index * pace.intervalMs, pace, nowMs),
  );
  return { slots, row: { nextMs: first + count * pace.intervalMs } };
}

/** When a request whose even place is `placeMs` may go. */
export function slotAt(placeMs: number, pace: Pace, nowMs: number): number {
  return Math.max(placeMs - burstMs(pace), nowMs);
}

/** The row after Klaviyo asked to wait: nothing before then, and no burst right after it. */
export function frozenUntil(row: Row, pace: Pace, untilMs: number): Row {
  return { nextMs: Math.max(row.nextMs, untilMs + burstMs(pace)) };
}
