export type TaxMode = 'TAX_INCLUDED' | 'TAX_EXCLUDED';

export type Country = 'FR' | 'US' | 'DE';

/** Where the buyer's address is found on this marketplace's orders, as shares of one that add up to 1. */
export interface ContactMix {
  readonly direct: number;
  readonly relay: number;
  readonly absent: number;
  readonly empty: number;
  readonly malformed: number;
  readonly placeholder: number;
}

export interface TaxRule {
  readonly code: string;
  /** Percent. */
  readonly rate: number;
  /** Share of the lines that carry it. */
  readonly share: number;
  /** `shop`: the seller's to pay; `operator`: remitted by the operator; `split`: half and half. */
  readonly owedBy: 'shop' | 'operator' | 'split';
}

export interface MarketplaceProfile {
  readonly id: string;
  readonly name: string;
  readonly apiKey: string;
  readonly shopId: number;
  readonly currency: string;
  readonly taxMode: TaxMode;
  readonly country: Country;
  readonly timezone: string;
  readonly locale: string | null;
  readonly channel: { readonly code: string; readonly label: string } | null;
  readonly orderIdPrefix: string;
  /** Weight among the marketplaces for history and live trade; 0 = nothing by itself. */
  readonly tradeShare: number;
  readonly taxes: readonly TaxRule[];
  readonly contact: ContactMix;
  /** The direct address sits in this additional field; `null`: in `customer_notification_email`. */
  readonly emailField: string | null;
  readonly relayHost: string;
  readonly placeholderEmail: string;
  /** Share of orders whose `customer_id` is the buyer's address. */
  readonly customerIdIsEmail: number;
  readonly addressesBeforeAcceptance: boolean;
  /** Share of orders whose addresses have no ISO country code. */
  readonly isoCodeMissing: number;
  /** The step to REFUNDED leaves `last_updated_date` where it was. */
  readonly refundEndsSilently: boolean;
  /** How far Mirakl itself widens `start_update_date`. */
  readonly updateDateDeltaMs: number;
  /** Whether OR13 works, always ends in FAILED, or is not open to this seller. */
  readonly exports: 'open' | 'failing' | 'closed';
  /** How long an export takes. */
  readonly exportMs: number;
  /** Orders per file at most, below what Mirakl lets a caller ask for, so that small exports have several files. */
  readonly exportChunkItems: number;
  /** Channel number at Mirakl Connect. */
  readonly connectChannelId: string;
  readonly rateLimit: { readonly callsPerMinute: number; readonly retryAfterSeconds: number } | null;
}

const relayOnly: ContactMix = { direct: 0, relay: 1, absent: 0, empty: 0, malformed: 0, placeholder: 0 };

/** What a marketplace is when a test adds one and says nothing else. */
export const plainMarketplace: Omit<
  MarketplaceProfile,
  'id' | 'apiKey' | 'name' | 'orderIdPrefix' | 'connectChannelId'
> = {
  shopId: 3001,
  currency: 'EUR',
  taxMode: 'TAX_INCLUDED',
  country: 'FR',
  timezone: 'Europe/Paris',
  locale: 'fr_FR',
  channel: null,
  tradeShare: 0,
  taxes: [],
  contact: { ...relayOnly, direct: 1, relay: 0 },
  emailField: null,
  relayHost: 'notification.mirakl.net',
  placeholderEmail: 'kunde@platzhalter.example.org',
  customerIdIsEmail: 0,
  addressesBeforeAcceptance: true,
  isoCodeMissing: 0,
  refundEndsSilently: false,
  updateDateDeltaMs: 60_000,
  exports: 'open',
  exportMs: 1_000,
  exportChunkItems: 1_000_000,
  rateLimit: null,
};

export const defaultMarketplaces: readonly MarketplaceProfile[] = [
  {
    ...plainMarketplace,
    id: 'maison-fr',
    name: 'Maison',
    apiKey: 'sandbox-maison-fr-key',
    shopId: 2001,
    channel: { code: 'FR', label: 'Maison France' },
    orderIdPrefix: 'MF',
    connectChannelId: '0001',
    tradeShare: 5,
    taxes: [{ code: 'TVA20', rate: 20, share: 1, owedBy: 'shop' }],
    contact: { ...relayOnly, direct: 0.86, relay: 0.14 },
    emailField: 'customer-email',
  },
  {
    ...plainMarketplace,
    id: 'techno-us',
    name: 'Techno',
    apiKey: 'sandbox-techno-us-key',
    shopId: 2002,
    currency: 'USD',
    taxMode: 'TAX_EXCLUDED',
    country: 'US',
    timezone: 'America/New_York',
    locale: null,
    orderIdPrefix: 'TU',
    connectChannelId: '0002',
    tradeShare: 3,
    taxes: [
      { code: 'US_STATE', rate: 6.25, share: 0.6, owedBy: 'operator' },
      { code: 'US_RECYCLING', rate: 1.5, share: 0.5, owedBy: 'shop' },
      { code: 'US_COUNTY', rate: 2, share: 0.15, owedBy: 'split' },
    ],
    contact: relayOnly,
    relayHost: 'us.notification.mirakl.net',
    customerIdIsEmail: 0.4,
    addressesBeforeAcceptance: false,
    refundEndsSilently: true,
  },
  {
    ...plainMarketplace,
    id: 'nordmarkt-de',
    name: 'Nordmarkt',
    apiKey: 'sandbox-nordmarkt-de-key',
    shopId: 2003,
    country: 'DE',
    timezone: 'Europe/Berlin',
    locale: 'de_DE',
    channel: { code: 'DE', label: 'Nordmarkt Deutschland' },
    orderIdPrefix: 'ND',
    connectChannelId: '0003',
    tradeShare: 2,
    taxes: [
      { code: 'DE_UST_19', rate: 19, share: 0.8, owedBy: 'shop' },
      { code: 'DE_UST_7', rate: 7, share: 0.2, owedBy: 'shop' },
    ],
    contact: { direct: 0.72, relay: 0.04, absent: 0.08, empty: 0.05, malformed: 0.05, placeholder: 0.06 },
    placeholderEmail: 'kunde@nordmarkt.example.org',
    isoCodeMissing: 0.2,
  },
];
