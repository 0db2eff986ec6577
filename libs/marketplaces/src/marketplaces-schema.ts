import { Type, type Static } from 'typebox';
import { AlertsSchema, ReviewSchema } from './alerts-schema.ts';
import { Duration, Timezone } from './policy-fields.ts';

/**
 * The shape of marketplaces.yaml. Descriptions are what a person reads when a value does not fit, so each says what is
 * expected. `marketplaces.schema.json` is generated from here for editors.
 */

const Rate = Type.String({
  pattern: '^\\d{1,9}(\\.\\d{1,12})?$',
  description: 'a rate as a decimal in quotes, such as "0.92"',
});

const MetricName = (fallback: string) =>
  Type.String({
    minLength: 1,
    maxLength: 127,
    default: fallback,
    description: 'a Klaviyo metric name, 1 to 127 characters',
  });

const AttributeMapping = Type.Object(
  {
    from: Type.String({
      pattern: '^(additional:.+|line\\.additional:.+|(order|line)\\.[a-z_]+)$',
      description: 'a source field such as additional:gift-wrap, order.payment_type or line.category_label',
    }),
    to: Type.String({
      pattern: '^[^$\\s][^$]{0,99}$',
      description:
        'the name of the property, 1 to 100 characters, without $ (Klaviyo has its own meaning for those)',
    }),
    on: Type.Enum(['event', 'line', 'profile'], { description: 'event, line or profile' }),
    as: Type.Enum(['text', 'number', 'boolean', 'date', 'list'], {
      default: 'text',
      description: 'text, number, boolean, date or list',
    }),
  },
  { additionalProperties: false },
);

const Contact = Type.Object(
  {
    emailFrom: Type.Array(
      Type.String({
        pattern: '^(customer_notification_email|additional:.+)$',
        description: 'customer_notification_email or additional:<code>; customer_id is never read',
      }),
      {
        default: ['customer_notification_email'],
        description: 'the only fields an address is read from, best first',
      },
    ),
    use: Type.Enum(['direct_only', 'direct_and_relay', 'none'], {
      default: 'direct_only',
      description: 'direct_only, direct_and_relay or none',
    }),
    relayDomains: Type.Array(Type.String({ minLength: 3, description: 'a host name' }), {
      default: [],
      description: 'further relay hosts of this marketplace; a host counts with all below it',
    }),
    placeholders: Type.Array(
      Type.String({ minLength: 1, description: 'an address, or @host for all of a host' }),
      {
        default: [],
        description: 'addresses (or @host) that the marketplace puts on orders instead of a real one',
      },
    ),
    sharedBy: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 5,
      description:
        'a whole number from 0 to 100: an address of this many people (different names at different places) counts as a placeholder; 0 for never',
    }),
    phone: Type.Enum(['never', 'unshared'], {
      default: 'never',
      description:
        'never or unshared; unshared sends a number as phone_number while one buyer alone has it (Klaviyo merges people by phone)',
    }),
  },
  { additionalProperties: false, default: {} },
);

const Owners = Type.Object(
  {
    marketing: Type.Optional(Type.String({ minLength: 1, description: 'who answers for marketing' })),
    operations: Type.Optional(Type.String({ minLength: 1, description: 'who answers for operations' })),
    platform: Type.Optional(Type.String({ minLength: 1, description: 'who answers for the platform' })),
  },
  { additionalProperties: false, default: {} },
);

const Marketplace = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      description:
        'small letters, digits and hyphens, at most 63; it is part of every key, so it never changes',
    }),
    name: Type.String({ minLength: 1, maxLength: 200, description: 'the name people know it by' }),
    channel: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: "the marketers' label; the name if left out",
      }),
    ),
    api: Type.Enum(['seller', 'connect'], { default: 'seller', description: 'seller or connect' }),
    baseUrl: Type.String({
      pattern: '^https?://[^\\s?#]+$',
      description: 'the https address of the Mirakl instance',
    }),
    apiKey: Type.Optional(Type.String({ minLength: 1, description: 'the shop API key, as ${ENV_VARIABLE}' })),
    clientId: Type.Optional(Type.String({ minLength: 1, description: 'the Mirakl Connect client id' })),
    clientSecret: Type.Optional(
      Type.String({ minLength: 1, description: 'the Mirakl Connect client secret, as ${ENV_VARIABLE}' }),
    ),
    companyId: Type.Optional(Type.String({ minLength: 1, description: 'the Mirakl Connect company id' })),
    tokenUrl: Type.Optional(
      Type.String({
        pattern: '^(https://|http://(127\\.|localhost[:/]|\\[::1\\]))[^\\s?#]*$',
        description: "the https address that gives Mirakl Connect tokens; Mirakl's own if left out",
      }),
    ),
    shopId: Type.Optional(
      Type.String({
        pattern: '^\\d+$',
        description: 'the shop id in quotes; without it Mirakl reads the default shop',
      }),
    ),
    currency: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{3}$',
        description: "the shop's currency such as EUR: another one stops the marketplace",
      }),
    ),
    orderTaxMode: Type.Enum(['TAX_INCLUDED', 'TAX_EXCLUDED'], {
      default: 'TAX_INCLUDED',
      description: 'TAX_INCLUDED or TAX_EXCLUDED; asked for explicitly in every call',
    }),
    pollInterval: Duration('how often changes are asked for', '5m'),
    persona: Type.Enum(['seller', 'partner'], {
      default: 'seller',
      description: 'seller, or partner (Mirakl allows an external partner one poll in 15 minutes)',
    }),
    backfillFrom: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z)?$',
      description: 'the date history starts at, such as 2025-01-31 or 2025-01-31T00:00:00Z',
    }),
    timezone: Timezone,
    contact: Contact,
    attributes: Type.Array(AttributeMapping, { default: [], description: 'what else goes to Klaviyo' }),
    deliver: Type.Enum(['events_and_profiles', 'events_for_existing_profiles', 'nothing'], {
      default: 'events_and_profiles',
      description: 'events_and_profiles, events_for_existing_profiles or nothing',
    }),
    owners: Owners,
  },
  { additionalProperties: false },
);

const Klaviyo = Type.Object(
  {
    metrics: Type.Object(
      {
        placed: MetricName('Placed Order'),
        orderedProduct: MetricName('Ordered Product'),
        fulfilled: MetricName('Fulfilled Order'),
        cancelled: MetricName('Cancelled Order'),
        refunded: MetricName('Refunded Order'),
        returned: MetricName('Returned Order'),
      },
      { additionalProperties: false, default: {} },
    ),
    backfillAfter: Duration('events older than this fire no flow', '72h'),
    newProfilesPerDay: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'new Klaviyo profiles on one day (UTC) at most; no limit if left out',
      }),
    ),
    newProfilesPerMonth: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'new Klaviyo profiles in one month at most; no limit if left out',
      }),
    ),
  },
  { additionalProperties: false, default: {} },
);

export const MarketplacesFileSchema = Type.Object(
  {
    reportingCurrency: Type.String({
      pattern: '^[A-Z]{3}$',
      default: 'EUR',
      description: 'an ISO 4217 code such as EUR',
    }),
    rates: Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Rate, {
      default: {},
      description: 'for each other currency what one unit is worth in the reporting currency',
    }),
    klaviyo: Klaviyo,
    alerts: AlertsSchema,
    review: ReviewSchema,
    attributes: Type.Array(AttributeMapping, { default: [], description: 'shared by all marketplaces' }),
    marketplaces: Type.Array(Marketplace, { minItems: 1, description: 'at least one marketplace' }),
  },
  { $id: 'marketplaces.schema.json', title: 'marketplaces.yaml', additionalProperties: false },
);
export type MarketplacesFile = Static<typeof MarketplacesFileSchema>;
export type MarketplaceEntry = MarketplacesFile['marketplaces'][number];
export type AttributeMapping = Static<typeof AttributeMapping>;
