import { BUCKETS, MoneySchema } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import { AmountsSchema } from '../balance/balance.api.ts';
import {
  CursorField,
  DateOrInstant,
  Instant,
  LimitField,
  NextCursor,
  Nullable,
  OwnerSchema,
} from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const ARRIVALS = ['by_itself', 'when_dealt_with', 'with_a_contact', 'by_policy_never'] as const;

export const MissingGroupSchema = Type.Object({
  bucket: Type.Enum([...BUCKETS]),
  reason: Type.String(),
  meaning: Type.String(),
  owner: OwnerSchema,
  whatToDo: Type.String(),
  arrives: Type.Enum([...ARRIVALS], {
    description:
      'by_itself: nobody needs to act; when_dealt_with: its owner must act; with_a_contact: when an address is claimed; by_policy_never: marketplaces.yaml says not to send',
  }),
  expectedAt: Nullable(
    Instant(
      'When it will be in: estimated from recent orders, or when its owner is due; null when nothing says so',
    ),
  ),
  blocking: Type.Boolean({ description: 'It keeps the campaign from being ready' }),
  ...AmountsSchema.properties,
});
export type MissingGroup = Static<typeof MissingGroupSchema>;

export const CampaignCheckSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    ready: Type.Boolean({
      description: 'Every source is fresh and no order of the selection is in flight or failed',
    }),
    verdict: Type.String({ description: 'The answer in a sentence' }),
    channel: Nullable(Type.String()),
    sku: Nullable(Type.String()),
    from: Nullable(Type.String()),
    to: Nullable(Type.String()),
    total: AmountsSchema,
    arrived: AmountsSchema,
    missing: Type.Array(MissingGroupSchema, { description: 'What is not in, by reason; blocking first' }),
    allInAt: Nullable(
      Instant('When the last blocking order is expected; null when nothing blocks or nothing says so'),
    ),
    sources: Type.Array(
      Type.Object({
        marketplaceId: Type.String(),
        name: Type.String(),
        health: Type.Enum(['fresh', 'late', 'failing', 'silent']),
        lastCompletePollAt: Nullable(Instant('When the last complete poll ended')),
        blocking: Type.Boolean(),
      }),
    ),
  },
  { $id: 'CampaignCheck', description: 'May a campaign to these buyers be launched now?' },
);
export type CampaignCheck = Static<typeof CampaignCheckSchema>;

const selection = {
  channel: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        "A marketplace's channel as in marketplaces.yaml, or a channel that Mirakl names on orders",
    }),
  ),
  sku: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: "The seller's SKU" })),
  from: Type.Optional(DateOrInstant('Orders created from here')),
  to: Type.Optional(DateOrInstant('Orders created up to here, included')),
};

export const CampaignCheckQuerySchema = Type.Object(selection, { additionalProperties: false });
export type CampaignCheckQuery = Static<typeof CampaignCheckQuerySchema>;

export const MissingOrdersQuerySchema = Type.Object(
  {
    ...selection,
    owner: Type.Optional(OwnerSchema),
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100 })),
    cursor: Type.Optional(CursorField),
    limit: Type.Optional(LimitField),
  },
  { additionalProperties: false },
);
export type MissingOrdersQuery = Static<typeof MissingOrdersQuerySchema>;

export const MissingOrdersSchema = Type.Object(
  {
    orders: Type.Array(
      Type.Object({
        orderKey: Type.String(),
        marketplaceId: Type.String(),
        orderId: Type.String(),
        createdAt: Nullable(Instant('When the buyer ordered')),
        bucket: Type.Enum([...BUCKETS]),
        reason: Nullable(Type.String()),
        meaning: Type.String(),
        ageSeconds: Nullable(Type.Integer({ description: 'How long it has stood in its bucket' })),
        amount: Nullable(MoneySchema),
        owner: OwnerSchema,
        whatToDo: Type.String(),
      }),
    ),
    nextCursor: NextCursor,
  },
  { $id: 'MissingOrders' },
);
export type MissingOrders = Static<typeof MissingOrdersSchema>;

export const CampaignOptionsSchema = Type.Object(
  {
    channels: Type.Array(Type.String()),
    skus: Type.Array(Type.Object({ sku: Type.String(), orders: Type.Integer() }), {
      description: 'The most ordered of the last 90 days, at most 200',
    }),
  },
  { $id: 'CampaignOptions' },
);
export type CampaignOptions = Static<typeof CampaignOptionsSchema>;

export const campaignCheckRoutes: readonly ApiRoute[] = [
  {
    id: 'checkCampaign',
    method: 'GET',
    path: '/campaign-check',
    summary: 'May a campaign to these buyers be launched now, and if not, what is missing',
    role: 'viewer',
    query: CampaignCheckQuerySchema,
    answer: CampaignCheckSchema,
    refusals: { 404: 'There is no such channel' },
  },
  {
    id: 'listCampaignOptions',
    method: 'GET',
    path: '/campaign-check/options',
    summary: 'Channels and SKUs that a campaign check can be asked for',
    role: 'viewer',
    answer: CampaignOptionsSchema,
  },
  {
    id: 'listMissingOrders',
    method: 'GET',
    path: '/campaign-check/missing',
    summary: 'The orders that a campaign would miss',
    role: 'viewer',
    query: MissingOrdersQuerySchema,
    answer: MissingOrdersSchema,
  },
  {
    id: 'exportMissingOrders',
    method: 'GET',
    path: '/campaign-check/missing.csv',
    summary: 'The orders that a campaign would miss, for their owner, as CSV (without addresses)',
    role: 'viewer',
    query: MissingOrdersQuerySchema,
    answer: Type.String(),
    answerType: 'text/csv',
  },
];
