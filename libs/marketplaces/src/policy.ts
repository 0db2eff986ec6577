import type { AlertsPolicy } from './alerts-policy.ts';
import type { Weekday } from './alerts-schema.ts';
import type { AttributeMapping } from './marketplaces-schema.ts';

/** How to sign in to one marketplace. Never logged. */
export type MarketplaceCredentials =
  | { readonly kind: 'key'; readonly apiKey: string }
  | {
      readonly kind: 'oauth';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly companyId: string;
      /** Where tokens come from; absent: Mirakl's own address. */
      readonly tokenUrl?: string;
    };

/** What one marketplace allows, with every default filled in. */
export interface MarketplacePolicy {
  readonly id: string;
  readonly name: string;
  /** The marketers' label. */
  readonly channel: string;
  readonly api: 'seller' | 'connect';
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Null in services that were not given secrets: only mirakl-ingest needs them. */
  readonly credentials: MarketplaceCredentials | null;
  readonly shopId: string | null;
  /** What the shop's currency must be; absent or null: whatever it was at first. */
  readonly currency?: string | null;
  readonly orderTaxMode: 'TAX_INCLUDED' | 'TAX_EXCLUDED';
  readonly pollIntervalMs: number;
  readonly persona: 'seller' | 'partner';
  readonly backfillFrom: Date;
  readonly timezone: string;
  readonly contact: {
    readonly emailFrom: readonly string[];
    readonly use: 'direct_only' | 'direct_and_relay' | 'none';
    readonly relayDomains: readonly string[];
    readonly placeholders: readonly string[];
    /** An address of this many people counts as a placeholder; 0, or left out: never. The file's default is 5. */
    readonly sharedBy?: number;
    /** Whether a phone number may be sent as Klaviyo's identifier; left out: never. */
    readonly phone?: 'never' | 'unshared';
  };
  /** The shared mappings first, then the marketplace's own, which replace shared ones for the same property. */
  readonly attributes: readonly AttributeMapping[];
  readonly deliver: 'events_and_profiles' | 'events_for_existing_profiles' | 'nothing';
  readonly owners: { readonly marketing?: string; readonly operations?: string; readonly platform?: string };
}

export interface MetricNames {
  readonly placed: string;
  readonly orderedProduct: string;
  readonly fulfilled: string;
  readonly cancelled: string;
  readonly refunded: string;
  readonly returned: string;
}

export interface MarketplacesPolicy {
  readonly reportingCurrency: string;
  /** Per currency, what one unit is worth in the reporting currency, as a decimal string. Holds the reporting currency too, at "1". */
  readonly rates: ReadonlyMap<string, string>;
  readonly klaviyo: {
    readonly metrics: MetricNames;
    readonly backfillAfterMs: number;
    /** New profiles on one day (UTC) and in one month at most; null: no limit. */
    readonly newProfilesPerDay: number | null;
    readonly newProfilesPerMonth: number | null;
  };
  readonly marketplaces: readonly MarketplacePolicy[];
  readonly alerts: AlertsPolicy;
  /** When the weekly review is held, and where its weeks begin. */
  readonly review: { readonly day: Weekday; readonly timezone: string };
  /** Things that are allowed but unwise, in sentences, for the log at start. */
  readonly warnings: readonly string[];
}

export function findMarketplace(policy: MarketplacesPolicy, id: string): MarketplacePolicy | undefined {
  return policy.marketplaces.find((marketplace) => marketplace.id === id);
}
