// leakage-monitor finds buyers by address too, and one address must be one buyer everywhere.
export { hostOf, isWithin, normaliseAddress } from '@watertight/marketplaces';
