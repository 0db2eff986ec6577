import { type Static, Type } from 'typebox';
import { AmountsSchema } from '../balance/balance.api.ts';
import { DateOrInstant, Instant, MarketplaceField, Nullable } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';
import { BUCKETS } from '@watertight/contracts';
import { CONTACT_CLASSES } from '../marketplaces/contact-classes.ts';

export const TrendWeekSchema = Type.Object({
  week: Type.String({ description: 'ISO week', examples: ['2026-W09'] }),
  from: Instant('Monday 00:00 UTC'),
  to: Instant('Sunday, its last millisecond in UTC'),
  complete: Type.Boolean({ description: 'The week is over' }),
  captured: AmountsSchema,
  verified: AmountsSchema,
  leaking: AmountsSchema,
  recovered: AmountsSchema,
});
export type TrendWeek = Static<typeof TrendWeekSchema>;

export const TrendSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    weeks: Type.Array(TrendWeekSchema, {
      description: 'Oldest first, every week, also those without orders',
    }),
  },
  {
    $id: 'Trend',
    description:
      'Orders by the week the buyer ordered in: captured, verified, leaking; recovered ones by the week they were verified in',
  },
);
export type Trend = Static<typeof TrendSchema>;

export const TrendQuerySchema = Type.Object(
  {
    marketplace: Type.Optional(MarketplaceField),
    weeks: Type.Optional(Type.String({ pattern: '^\\d{1,2}$', description: '1 to 53; default 12' })),
  },
  { additionalProperties: false },
);
export type TrendQuery = Static<typeof TrendQuerySchema>;

export const FlowLinkSchema = Type.Object({
  marketplaceId: Type.String(),
  marketplaceName: Type.String(),
  contactClass: Type.Enum([...CONTACT_CLASSES, 'unknown'], {
    description: 'What the order gives to reach its buyer; unknown while nobody has judged it',
  }),
  bucket: Type.Enum([...BUCKETS]),
  ...AmountsSchema.properties,
});
export type FlowLink = Static<typeof FlowLinkSchema>;

export const FlowSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    from: Nullable(Instant('Orders created from here')),
    to: Nullable(Instant('to here, included')),
    links: Type.Array(FlowLinkSchema),
  },
  { $id: 'Flow', description: 'Where orders went: marketplace → contact class → bucket' },
);
export type Flow = Static<typeof FlowSchema>;

export const FlowQuerySchema = Type.Object(
  {
    marketplace: Type.Optional(MarketplaceField),
    from: Type.Optional(DateOrInstant('Orders created from here; a date begins at 00:00 UTC')),
    to: Type.Optional(DateOrInstant('Orders created up to here, included')),
  },
  { additionalProperties: false },
);
export type FlowQuery = Static<typeof FlowQuerySchema>;

export const trendRoutes: readonly ApiRoute[] = [
  {
    id: 'readTrend',
    method: 'GET',
    path: '/trend',
    summary: 'Captured, verified and recovered orders and money, week by week',
    role: 'viewer',
    query: TrendQuerySchema,
    answer: TrendSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
  {
    id: 'readFlow',
    method: 'GET',
    path: '/flow',
    summary: 'Where orders went: marketplace, contact class, bucket',
    role: 'viewer',
    query: FlowQuerySchema,
    answer: FlowSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
];
