import type { Range } from '../http/read-range.ts';
import type { BalanceWindow } from '../ledger/balance.ts';
import { settledCut } from '../reconcile/settled-cut.ts';
import type { Positions, SourceState } from '../reconcile/source-state.ts';

/** What a window is read from: whole days from the sums, the rest from the orders themselves. */
export interface WindowParts {
  readonly marketplaceId: string;
  /** `YYYY-MM-DD`, included; the same as `dayTo` when there is no whole day in it. */
  readonly dayFrom: string;
  /** `YYYY-MM-DD`, not included. */
  readonly dayTo: string;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Before and after every order there can be. */
const BEGINNING = '1970-01-01T00:00:00.000Z';
const END = '9999-12-30T23:59:59.999Z';

/**
 * One window per marketplace: what its newest settled audit counted, narrowed to the range that is asked for. Before
 * the first settled audit it is all that the ledger holds.
 */
export function planWindows(
  marketplaceIds: readonly string[],
  sources: ReadonlyMap<string, SourceState>,
  folded: Positions,
  range: Range,
): BalanceWindow[] {
  return marketplaceIds.map((marketplaceId) => {
    const source = sources.get(marketplaceId);
    const cut = (source === undefined ? undefined : settledCut(source, folded)) ?? null;
    const from = later(range.from ?? BEGINNING, cut?.since ?? BEGINNING);
    const to = earlier(range.to ?? END, cut?.until ?? END);
    return { marketplaceId, from, to, cut, whole: cut !== null && from === cut.since && to === cut.until };
  });
}

export function splitWindow({ marketplaceId, from, to }: BalanceWindow): WindowParts {
  if (from > to) return { marketplaceId, dayFrom: dayOf(from), dayTo: dayOf(from), edges: [] };
  const fromIsWhole = from === startOfDay(from);
  const toIsWhole = to === endOfDay(to);
  const dayFrom = fromIsWhole ? dayOf(from) : dayAfter(from);
  const dayTo = toIsWhole ? dayAfter(to) : dayOf(to);
  if (dayFrom > dayTo) {
    // Both ends lie inside one day.
    return { marketplaceId, dayFrom: dayTo, dayTo, edges: [{ from, to }] };
  }
  return {
    marketplaceId,
    dayFrom,
    dayTo,
    edges: [
      ...(fromIsWhole ? [] : [{ from, to: endOfDay(from) }]),
      ...(toIsWhole ? [] : [{ from: startOfDay(to), to }]),
    ],
  };
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

function dayAfter(instant: string): string {
  return dayOf(new Date(Date.parse(startOfDay(instant)) + DAY_MS).toISOString());
}

function startOfDay(instant: string): string {
  return `${dayOf(instant)}T00:00:00.000Z`;
}

function endOfDay(instant: string): string {
  return `${dayOf(instant)}T23:59:59.999Z`;
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
