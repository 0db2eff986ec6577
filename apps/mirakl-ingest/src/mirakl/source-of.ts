import type { MarketplacePolicy } from '@watertight/marketplaces';
import { type Clock, ConfigError } from '@watertight/service';
import type { MiraklSource } from './mirakl-source.ts';
import { ConnectClient } from './connect/connect-client.ts';
import { ConnectSource } from './connect/connect-source.ts';
import { SellerClient } from './seller/client.ts';
import { SellerExports } from './seller/seller-exports.ts';
import { PAGE_SIZE, SellerSource } from './seller/seller-source.ts';

/** The source that a marketplace's policy asks for. */
export function sourceOf(policy: MarketplacePolicy, clock: Clock): MiraklSource {
  const { id, baseUrl, credentials } = policy;
  if (policy.api === 'connect') {
    if (credentials?.kind !== 'oauth')
      throw new ConfigError([`${id}: api: connect needs clientId, clientSecret and companyId`]);
    const options = { marketplaceId: id, baseUrl, clock, random: Math.random };
    return new ConnectSource(policy, new ConnectClient(options, credentials));
  }
  if (credentials?.kind !== 'key') throw new ConfigError([`${id}: api: seller needs apiKey`]);
  const { apiKey } = credentials;
  const client = new SellerClient({ marketplaceId: id, baseUrl, apiKey, clock, random: Math.random });
  const exports = new SellerExports(policy, client, () => clock.now());
  return new SellerSource(policy, client, PAGE_SIZE, exports);
}
