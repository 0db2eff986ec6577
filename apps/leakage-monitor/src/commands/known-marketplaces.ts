import type { MarketplacePolicy } from '@watertight/marketplaces';
import { notFound } from '../http/api-error.ts';

/** The marketplaces that are configured. */
export class KnownMarketplaces {
  constructor(readonly policies: readonly MarketplacePolicy[]) {}

  /** Throws ApiError (404) for one that is not configured. */
  find(id: string): MarketplacePolicy {
    const policy = this.policies.find((one) => one.id === id);
    if (policy === undefined) throw notFound(`There is no marketplace "${id}" in marketplaces.yaml`);
    return policy;
  }
}
