import { createHash } from 'node:crypto';
import type { MarketplacePolicy, MarketplacesPolicy } from '@watertight/marketplaces';

/**
 * What decides, at this stage, what becomes of an order of the marketplace, as a hash: when it changes, orders that are
 * held are judged again. What ingest reads by (keys, intervals, tax mode) is not part of it.
 */
export function policyHash(
  { id, contact, deliver, attributes }: MarketplacePolicy,
  { reportingCurrency, rates }: MarketplacesPolicy,
): string {
  const { use, relayDomains, placeholders, sharedBy, phone } = contact;
  const rules = [id, use, relayDomains, placeholders, sharedBy, phone, deliver, attributes];
  return createHash('sha256')
    .update(JSON.stringify([rules, reportingCurrency, [...rates].sort()]))
    .digest('hex');
}

/** By marketplace id. */
export function policyHashes(policy: MarketplacesPolicy): ReadonlyMap<string, string> {
  return new Map(policy.marketplaces.map((marketplace) => [marketplace.id, policyHash(marketplace, policy)]));
}
