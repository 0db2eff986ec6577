import type { TimelineItem } from '../api/model.ts';
import { formatMoney } from '../display/format.ts';

/** What Mirakl said differently from the time before: "SHIPPING → SHIPPED", "€49.90 → €39.90". */
export interface Change {
  readonly what: 'state' | 'amount';
  readonly before: string;
  readonly after: string;
}

/**
 * Changes between what Mirakl said about one fact and what it said of it before, by the item's place in the timeline.
 * Pure. The first word about a fact has none.
 */
export function whatChanged(timeline: readonly TimelineItem[]): ReadonlyMap<TimelineItem, readonly Change[]> {
  const before = new Map<string, TimelineItem>();
  const changes = new Map<TimelineItem, readonly Change[]>();
  for (const item of timeline) {
    if (item.chapter !== 'mirakl_said') continue;
    const last = before.get(item.factId);
    if (last !== undefined) changes.set(item, changesBetween(last, item));
    before.set(item.factId, item);
  }
  return changes;
}

function changesBetween(before: TimelineItem, after: TimelineItem): readonly Change[] {
  const found: Change[] = [];
  if (before.state !== null && after.state !== null && before.state !== after.state) {
    found.push({ what: 'state', before: before.state, after: after.state });
  }
  const one = amountOf(before);
  const other = amountOf(after);
  if (one !== undefined && other !== undefined && one !== other) {
    found.push({ what: 'amount', before: one, after: other });
  }
  return found;
}

function amountOf({ amount }: TimelineItem): string | undefined {
  return amount === null ? undefined : formatMoney(amount.amount, amount.currency);
}
