export interface FieldHistory {
  /** Orders of the marketplace that have carried the field. */
  readonly carried: number;
  /** Orders of the marketplace up to the last one that carried it. */
  readonly ordersThen: number;
  /** Orders of the marketplace by now. */
  readonly ordersNow: number;
}

/** Fewer carriers than this say nothing about how often the field ought to come. */
const CARRIED_MIN = 10;

/**
 * So many carriers must have been due since the last one. If each order carried the field by chance at the rate of before,
 * twelve due ones would all be missing once in about 160,000 times.
 */
const MISSED_MIN = 12;

/** Has a field stopped arriving? A rare field is given as many orders as its rareness asks for. */
export function decideVanished({ carried, ordersThen, ordersNow }: FieldHistory): boolean {
  if (carried < CARRIED_MIN || ordersThen === 0) return false;
  const rate = Math.min(1, carried / ordersThen);
  return (ordersNow - ordersThen) * rate >= MISSED_MIN;
}
