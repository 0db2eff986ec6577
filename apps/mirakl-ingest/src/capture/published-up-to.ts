import type { PublishedPosition } from '@watertight/kafka';

/** Per partition of the orders' topic the offset after the last order published for a marketplace. */
export type PublishedUpTo = Readonly<Record<string, string>>;

/** Pure: what is published so far, with the newest positions of one topic taken in. It never goes back. */
export function advance(
  before: PublishedUpTo,
  positions: readonly PublishedPosition[],
  topic: string,
): PublishedUpTo {
  const after: Record<string, string> = { ...before };
  for (const position of positions) {
    if (position.topic !== topic) continue;
    const next = position.offset + 1n;
    const partition = String(position.partition);
    if (next > BigInt(after[partition] ?? '0')) after[partition] = next.toString();
  }
  return after;
}
