import { type Bucket, marketplaceIdOf } from '@watertight/contracts';
import type { Place } from './place-order.ts';

/**
 * What orders add to one sum of the balance. The sums are kept per marketplace and day of creation (UTC), so that a
 * balance reads a few thousand rows, however many orders there are.
 */
export interface Contribution {
  readonly marketplaceId: string;
  /** `YYYY-MM-DD` in UTC. */
  readonly day: string;
  /** A bucket, or `source` for Mirakl's own side. */
  readonly kind: Bucket | 'source';
  /** Empty where there is none. */
  readonly reason: string;
  /** Empty for orders whose amount is unknown. */
  readonly currency: string;
  /** Empty while nobody has judged the contact. */
  readonly contactClass: string;
  readonly orders: number;
  readonly minor: number;
  /** Orders whose amount is unknown. */
  readonly unknownMoney: number;
}

export function contributionsOf(orderKey: string, place: Place): Contribution[] {
  if (place.createdAt === null) return [];
  const marketplaceId = marketplaceIdOf(orderKey);
  const day = place.createdAt.slice(0, 10);
  const one = (kind: Contribution['kind'], reason: string, amount: Place['amount']): Contribution => ({
    marketplaceId,
    day,
    kind,
    reason,
    currency: amount?.currency ?? '',
    contactClass: kind === 'source' ? '' : (place.contactClass ?? ''),
    orders: 1,
    minor: amount?.minor ?? 0,
    unknownMoney: amount === null ? 1 : 0,
  });
  return [
    ...(place.bucket === null ? [] : [one(place.bucket, place.reason ?? '', place.amount)]),
    ...(place.inSource ? [one('source', '', place.sourceAmount)] : []),
  ];
}

/** Adds up what goes (negative) and what comes; sums that end where they were are left out. */
export function sumContributions(
  gone: readonly Contribution[],
  come: readonly Contribution[],
): Contribution[] {
  const sums = new Map<string, Contribution>();
  const add = (part: Contribution, sign: 1 | -1) => {
    const { marketplaceId, day, kind, reason, currency, contactClass } = part;
    const key = [marketplaceId, day, kind, reason, currency, contactClass].join('|');
    const known = sums.get(key) ?? { ...part, orders: 0, minor: 0, unknownMoney: 0 };
    sums.set(key, {
      ...known,
      orders: known.orders + sign * part.orders,
      minor: known.minor + sign * part.minor,
      unknownMoney: known.unknownMoney + sign * part.unknownMoney,
    });
  };
  for (const part of gone) add(part, -1);
  for (const part of come) add(part, 1);
  return [...sums.values()].filter((sum) => sum.orders !== 0 || sum.minor !== 0 || sum.unknownMoney !== 0);
}
