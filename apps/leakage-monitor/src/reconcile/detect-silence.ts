/** How often a marketplace has orders, from its own last weeks. */
export interface OrderRate {
  readonly marketplaceId: string;
  /** Orders created in the window. */
  readonly orders: number;
  readonly windowMs: number;
  /** When the newest order was created. */
  readonly lastOrderAt: string;
}

/** Below this nothing can be said: a shop with an order a week is not quiet after a weekend. */
const ORDERS_MIN = 30;
/** Raised when so long without an order would come about once in a thousand times by chance … */
const CHANCE = 0.001;
/** … with this allowance for the nights and week-ends that an average over the clock does not know. */
const RHYTHM_FACTOR = 2;
const SILENCE_MS_MIN = 12 * 60 * 60 * 1000;

/**
 * Pure. For how long the marketplace has been quiet, in milliseconds, when that is far beyond its own habit; else null.
 * Orders that come independently leave gaps longer than t with the chance exp(-rate * t).
 */
export function detectSilence({ orders, windowMs, lastOrderAt }: OrderRate, now: Date): number | null {
  if (orders < ORDERS_MIN) return null;
  const meanGapMs = windowMs / orders;
  const thresholdMs = Math.max(SILENCE_MS_MIN, -Math.log(CHANCE) * meanGapMs * RHYTHM_FACTOR);
  const quietMs = now.getTime() - Date.parse(lastOrderAt);
  return quietMs > thresholdMs ? quietMs : null;
}
