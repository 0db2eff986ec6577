import type { ContactShares } from '../marketplaces/marketplaces.api.ts';

export interface Drift {
  /** Shares of direct addresses, 0 to 1. */
  readonly before: number;
  readonly now: number;
  /** Orders that the share of now is made of. */
  readonly orders: number;
}

const RECENT_MIN = 30;
const BEFORE_MIN = 60;
/** A fall that chance alone would bring about once in a thousand times. */
const SIGMAS = 3;

/**
 * Has the share of direct addresses fallen against the source's own history? Pure. It must have fallen by `drop`, and
 * by more than chance brings with so few orders. A rise is good news and no drift.
 */
export function judgeDrift(recent: ContactShares, before: ContactShares, drop: number): Drift | null {
  if (recent.directShare === null || before.directShare === null) return null;
  if (recent.orders < RECENT_MIN || before.orders < BEFORE_MIN) return null;
  const fall = before.directShare - recent.directShare;
  const pooled =
    (recent.directShare * recent.orders + before.directShare * before.orders) /
    (recent.orders + before.orders);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / recent.orders + 1 / before.orders));
  if (fall < drop || fall < SIGMAS * deviation) return null;
  return { before: before.directShare, now: recent.directShare, orders: recent.orders };
}
