import type { Finding, MarketplaceSettings } from '@watertight/contracts';

/** What a preflight check found, before it is said who checked what and when. */
export type Check = Pick<Finding, 'check' | 'result' | 'detail'>;

/** How a marketplace and its shop are set up, as far as the source says so. */
export interface SourceSettings extends Pick<
  MarketplaceSettings,
  'shopId' | 'shopName' | 'currency' | 'taxMode' | 'timezone' | 'channels' | 'reasons' | 'features'
> {
  readonly answeredAt: Date;
  /** What could not be read, and what the source has to say about itself. */
  readonly checks: readonly Check[];
}
