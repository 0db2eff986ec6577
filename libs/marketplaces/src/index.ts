export { isLoopback } from './check-meaning.ts';
export { parseDuration } from './duration.ts';
export { loadMarketplaces, parseMarketplaces, type LoadMarketplacesOptions } from './load-marketplaces.ts';
export { MarketplacesFileSchema, type AttributeMapping } from './marketplaces-schema.ts';
export { hostOf, isWithin, normaliseAddress } from './normalise-address.ts';
export {
  findMarketplace,
  type MarketplaceCredentials,
  type MarketplacePolicy,
  type MarketplacesPolicy,
  type MetricNames,
} from './policy.ts';
