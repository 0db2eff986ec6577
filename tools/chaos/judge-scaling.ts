import type { TrueEvent } from './sandbox-orders.ts';

/** One look at a consumer group under load. */
export interface GroupLook {
  readonly atMs: number;
  /** Everything it has dealt with so far. */
  readonly dealt: number;
  /** What waits for it. */
  readonly waiting: number;
}

/**
 * The longest stretch between `fromMs` and `toMs` in which a group got nothing done although something waited for it, in
 * milliseconds. It begins at the last look before work stood still and ends at the first with progress. Pure.
 */
export function longestPause(looks: readonly GroupLook[], fromMs: number, toMs: number): number {
  let longest = 0;
  let still: GroupLook | undefined;
  for (const look of looks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)) {
    if (still === undefined || look.dealt > still.dealt) {
      if (still !== undefined) longest = Math.max(longest, look.atMs - still.atMs);
      still = look;
    } else if (look.waiting === 0) still = look;
    else longest = Math.max(longest, look.atMs - still.atMs);
  }
  return longest;
}

/** How many a second a group has dealt with between two times. */
export function ratePerS(looks: readonly GroupLook[], fromMs: number, toMs: number): number {
  const within = looks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const [first, last] = [within[0], within.at(-1)];
  if (first === undefined || last === undefined || last.atMs === first.atMs) return 0;
  return (last.dealt - first.dealt) / ((last.atMs - first.atMs) / 1_000);
}

export interface DeliveryCount {
  readonly lost: number;
  /** Events beyond the first of one (metric, unique id). */
  readonly doubled: number;
  readonly unexpected: number;
}

/** Counts what is missing at Klaviyo, what is there more than once and what nobody expects. Pure. */
export function countDelivery(
  expected: ReadonlySet<string>,
  stored: readonly Pick<TrueEvent, 'metric' | 'uniqueId'>[],
): DeliveryCount {
  const names = stored.map(({ metric, uniqueId }) => `${metric}|${uniqueId}`);
  const seen = new Set(names);
  return {
    lost: [...expected].filter((name) => !seen.has(name)).length,
    doubled: names.length - seen.size,
    unexpected: [...seen].filter((name) => !expected.has(name)).length,
  };
}
