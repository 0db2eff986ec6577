import type { JsonObject } from '../http/json.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { TradeOrder } from '../trade/trade-order.ts';

const countries = {
  FR: ['France', 'FRA'],
  US: ['United States', 'USA'],
  DE: ['Deutschland', 'DEU'],
} as const;

/** The buyer's address, or nothing where the operator does not show it (yet). */
export function renderAddressInfo(marketplace: Marketplace, order: TradeOrder): JsonObject | undefined {
  const { profile } = marketplace;
  const accepted = order.acceptedMs !== null;
  if (order.state === 'REFUSED' || order.anonymizedMs !== null) return undefined;
  if (!accepted && !profile.addressesBeforeAcceptance) return undefined;
  const buyer = marketplace.buyerOf(order);
  const [country, isoCode] = countries[profile.country];
  return {
    city: buyer.city,
    country,
    country_iso_code: isoCode,
    first_name: buyer.firstname,
    last_name: buyer.lastname,
    phone: buyer.phone,
    state: buyer.state ?? undefined,
    street: buyer.street,
    zip_code: buyer.zipCode,
  };
}
