import type { Command } from '@watertight/contracts';
import type { Cause } from '../exceptions/cause.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const SWEEP_SLOT_MS = 6 * HOUR_MS;
const FIRST_SWEEP_DAYS = 31;

const BY = 'leakage-monitor';

/** Where the newest settled cut of a marketplace begins and ends. */
export interface CutRange {
  readonly since: string;
  readonly until: string;
}

/**
 * Pure. What is asked of the services for the causes that hold, by itself: missing orders and days are swept, single
 * orders fetched again. Each command has an id made from its cause and a slot of time, so it is noted, and sent, once
 * per slot whatever happens; a gap that stays is asked for again later, and over the whole period.
 */
export function planCommands(
  causes: readonly Cause[],
  cuts: ReadonlyMap<string, CutRange>,
  now: Date,
): Command[] {
  const slot = Math.floor(now.getTime() / SWEEP_SLOT_MS);
  return causes.flatMap((cause): Command[] => {
    const { reason, orderKey, marketplaceId, about, since } = cause;
    const asked = (id: string, why: string) => ({
      commandId: `auto:${id}:${slot}`,
      requestedBy: BY,
      requestedAt: now.toISOString(),
      why,
    });
    if (orderKey !== null && (reason === 'balance.not_captured' || reason === 'balance.amount_differs')) {
      return [{ ...asked(`refetch:${orderKey}`, reason), type: 'refetch', orderKey }];
    }
    if (marketplaceId === null) return [];
    if (reason === 'source.count_differs') {
      const range = sweepRange(since, cuts.get(marketplaceId), now);
      return [{ ...asked(`sweep:${marketplaceId}`, reason), type: 'sweep', marketplaceId, ...range }];
    }
    if (reason === 'balance.day_differs') {
      const day = about.slice(-10);
      const range = { from: `${day}T00:00:00.000Z`, to: `${day}T23:59:59.999Z` };
      return [{ ...asked(`sweep:${about}`, reason), type: 'sweep', marketplaceId, ...range }];
    }
    return [];
  });
}

/** First the last month, where nearly every gap is; a gap that outlives a slot is looked for everywhere. */
function sweepRange(
  since: string,
  cut: CutRange | undefined,
  now: Date,
): { readonly from: string; readonly to: string } {
  const to = cut?.until ?? now.toISOString();
  const month = new Date(Date.parse(to) - FIRST_SWEEP_DAYS * DAY_MS).toISOString();
  const old = now.getTime() - Date.parse(since) > SWEEP_SLOT_MS;
  const all = cut?.since ?? month;
  return { from: old || all > month ? all : month, to };
}

/** Pure. Orders of a day on which Klaviyo counts less than was delivered are read back. */
export function planVerify(orderKeys: readonly string[], cause: Cause, now: Date): Command[] {
  return orderKeys.map((orderKey) => ({
    commandId: `auto:verify:${orderKey}:${cause.about.slice(-10)}`,
    requestedBy: BY,
    requestedAt: now.toISOString(),
    why: cause.reason,
    type: 'verify',
    orderKey,
  }));
}
