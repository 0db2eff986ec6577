export interface BackoffLimits {
  /** Longest wait after the first failed attempt, in milliseconds. */
  readonly baseMs: number;
  /** Longest wait after any attempt, in milliseconds. */
  readonly maxMs: number;
  /** A number from 0 (inclusive) to 1 (exclusive); `Math.random` outside tests. */
  readonly random: () => number;
}

/**
 * How long to wait after the given failed attempt (1 is the first), in whole milliseconds.
 * The ceiling doubles with each attempt up to `maxMs`. Half of it is always waited, the other half is
 * random, so that replicas that failed together do not come back together.
 */
export function backoffMs(attempt: number, { baseMs, maxMs, random }: BackoffLimits): number {
  if (!Number.isInteger(attempt) || attempt < 1)
    throw new RangeError(`attempt must be 1 or more: ${attempt}`);
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  return Math.round(ceilingMs / 2 + (random() * ceilingMs) / 2);
}
