export { applyAttributes, type AppliedAttributes } from './attributes/apply-attributes.ts';
export { isMapped, listFields, type SeenField } from './attributes/list-fields.ts';
export { maskExample } from './attributes/mask-example.ts';
export {
  isChanged,
  type OrderPreview,
  previewMapping,
  type PropertyChange,
} from './attributes/preview-mapping.ts';
export {
  NO_ALERTS,
  type AlertRoutePolicy,
  type AlertsPolicy,
  type AlertTarget,
  type QuietHours,
} from './alerts-policy.ts';
export { ALERT_RULES, type AlertRule, type Weekday, WEEKDAYS } from './alerts-schema.ts';
export { parseDuration } from './duration.ts';
export { isLoopback } from './loopback.ts';
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
export { problemOfField } from './attributes/source-fields.ts';
