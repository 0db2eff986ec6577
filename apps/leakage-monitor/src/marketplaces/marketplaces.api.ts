import { type Static, Type } from 'typebox';
import { AmountsSchema } from '../balance/balance.api.ts';
import { Instant, Nullable } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

const Labelled = Type.Object({
  code: Type.String(),
  label: Nullable(Type.String()),
  type: Nullable(Type.String()),
});

export const ContactSharesSchema = Type.Object({
  orders: Type.Integer({ description: 'Orders whose contact was judged' }),
  classes: Type.Record(Type.String(), Type.Integer(), {
    description: 'Orders per contact class: direct, relay, placeholder, malformed, absent, anonymised',
  }),
  directShare: Nullable(Type.Number({ description: '0 to 1; null without orders' })),
});
export type ContactShares = Static<typeof ContactSharesSchema>;

export const ConsentFiguresSchema = Type.Object({
  buyers: Type.Integer({ description: 'Buyers of the marketplace that we know by a usable contact' }),
  known: Type.Integer({ description: 'Of them, those whose consent Klaviyo has told us' }),
  subscribed: Type.Integer(),
  neverSubscribed: Type.Integer(),
  unsubscribed: Type.Integer(),
  suppressed: Type.Integer({ description: 'Whatever their consent; they count in it too' }),
  mailable: Type.Integer({ description: 'Subscribed and not suppressed' }),
  optInRate: Nullable(Type.Number({ description: 'mailable / known, 0 to 1' })),
  asOf: Nullable(Instant('The newest answer of Klaviyo in it')),
});
export type ConsentFigures = Static<typeof ConsentFiguresSchema>;

const SettingsSchema = Type.Object({
  at: Instant('When Mirakl gave them'),
  shopId: Nullable(Type.String()),
  shopName: Nullable(Type.String()),
  currency: Nullable(Type.String()),
  taxMode: Nullable(Type.String()),
  timezone: Nullable(Type.String()),
  channels: Type.Array(Labelled),
  reasons: Type.Array(Labelled),
  features: Type.Record(Type.String(), Type.String()),
});

const PolicySchema = Type.Object(
  {
    baseUrl: Type.String(),
    shopId: Nullable(Type.String()),
    persona: Type.String(),
    orderTaxMode: Type.String(),
    backfillFrom: Instant('History starts here'),
    timezone: Type.String(),
    deliver: Type.String(),
    contactUse: Type.String(),
    emailFrom: Type.Array(Type.String()),
    relayDomains: Type.Array(Type.String()),
    attributes: Type.Array(
      Type.Object({ from: Type.String(), to: Type.String(), on: Type.String(), as: Type.String() }),
    ),
    owners: Type.Record(Type.String(), Type.String()),
  },
  { description: 'marketplaces.yaml as loaded, without credentials' },
);

export const HealthSchema = Type.Union(
  [Type.Literal('fresh'), Type.Literal('late'), Type.Literal('failing'), Type.Literal('silent')],
  {
    description:
      'fresh: the last complete poll is recent; late: more than three intervals old; failing: polls fail; silent: never polled',
  },
);

export const MarketplaceSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  channel: Nullable(Type.String()),
  configured: Type.Boolean(),
  api: Nullable(Type.String()),
  pollIntervalMs: Nullable(Type.Integer()),
  pollFloorMs: Nullable(Type.Integer({ description: 'The shortest interval that Mirakl allows' })),
  timezone: Nullable(Type.String()),
  staleSince: Nullable(Instant('Since when the last complete poll is too old; null while it is fresh')),
  policy: Nullable(PolicySchema),
  settings: Nullable(SettingsSchema),
  findings: Type.Array(
    Type.Object({
      check: Type.String(),
      stage: Type.String(),
      result: Type.Enum(['ok', 'warning', 'problem']),
      detail: Type.String(),
      at: Instant('When it was checked'),
    }),
    { description: 'What the preflight checks found, problems first' },
  ),
  unknownValues: Type.Array(
    Type.Object({
      field: Type.String(),
      value: Type.String(),
      count: Type.Integer(),
      lastSeenAt: Instant('When it was last seen'),
    }),
  ),
  contacts: Type.Object(
    { ...ContactSharesSchema.properties, before: ContactSharesSchema },
    { description: 'The last 7 days, and `before` the 28 days before them' },
  ),
  consents: ConsentFiguresSchema,
  deliver: Nullable(Type.String()),
  health: HealthSchema,
  lastPoll: Nullable(
    Type.Object({
      startedAt: Type.String(),
      completedAt: Type.String(),
      watermark: Type.String({ description: 'Every change before it has been published' }),
      ordersSeen: Type.Integer(),
      ordersChanged: Type.Integer(),
    }),
  ),
  lastAudit: Nullable(
    Type.Object({
      at: Type.String(),
      since: Type.String(),
      until: Type.String(),
      orders: Type.Integer(),
      settled: Type.Boolean(),
    }),
  ),
  lastFailure: Nullable(
    Type.Object({
      ongoing: Type.Boolean({ description: 'No complete poll has ended it yet' }),
      at: Type.String(),
      consecutive: Type.Integer(),
      reason: Type.String(),
      meaning: Type.String(),
      whatToDo: Type.String(),
      detail: Nullable(Type.String()),
    }),
  ),
  orders: AmountsSchema,
  difference: AmountsSchema,
});
export type Marketplace = Static<typeof MarketplaceSchema>;

export const MarketplacesSchema = Type.Object(
  { asOf: Type.String(), marketplaces: Type.Array(MarketplaceSchema) },
  { $id: 'Marketplaces', description: 'Is each source healthy?' },
);
export type Marketplaces = Static<typeof MarketplacesSchema>;

export const MarketplaceDetailSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    marketplace: MarketplaceSchema,
    contactDays: Type.Array(Type.Object({ day: Type.String(), ...ContactSharesSchema.properties }), {
      description: 'The last 60 days with orders, by the day the buyer ordered (UTC), oldest first',
    }),
    contactCountries: Type.Array(
      Type.Object({ country: Nullable(Type.String()), ...ContactSharesSchema.properties }),
      { description: 'The last 60 days, by country shipped to, most orders first' },
    ),
    contactDaysByCountry: Type.Array(
      Type.Object({
        day: Type.String(),
        country: Nullable(Type.String()),
        ...ContactSharesSchema.properties,
      }),
      { description: 'The same, by day and country; the ten countries with most orders' },
    ),
    consentDays: Type.Array(Type.Object({ day: Type.String(), ...ConsentFiguresSchema.properties }), {
      description: 'As each day ended (UTC), oldest first; days on which nobody looked are left out',
    }),
  },
  { $id: 'MarketplaceDetail', description: 'One source over time' },
);
export type MarketplaceDetail = Static<typeof MarketplaceDetailSchema>;

export const marketplaceRoutes: readonly ApiRoute[] = [
  {
    id: 'listMarketplaces',
    method: 'GET',
    path: '/marketplaces',
    summary: 'Every source: health, freshness, contact quality, consent, settings, findings',
    role: 'viewer',
    answer: MarketplacesSchema,
  },
  {
    id: 'readMarketplace',
    method: 'GET',
    path: '/marketplaces/{id}',
    summary: 'One source over time: contact quality by day and country, opt-in rate by day',
    role: 'viewer',
    answer: MarketplaceDetailSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
];
