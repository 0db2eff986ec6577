import { BUCKETS, MoneySchema } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import { OwnerSchema } from '../balance/balance.api.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Bucket = Type.Enum([...BUCKETS]);

export const OrderRowSchema = Type.Object({
  orderKey: Type.String(),
  marketplaceId: Type.String(),
  orderId: Type.String(),
  commercialId: Nullable(Type.String()),
  state: Nullable(Type.String({ description: 'order_state at Mirakl' })),
  channel: Nullable(Type.String()),
  createdAt: Nullable(Type.String({ description: 'When the buyer ordered' })),
  bucket: Nullable(Bucket),
  reason: Nullable(Type.String()),
  since: Nullable(Type.String({ description: 'Since when it stands in its bucket' })),
  ageSeconds: Nullable(Type.Integer({ description: 'Time since `since`; null for a verified order' })),
  amount: Nullable(MoneySchema),
});
export type OrderRow = Static<typeof OrderRowSchema>;

export const OrdersSchema = Type.Object(
  { orders: Type.Array(OrderRowSchema), nextCursor: Nullable(Type.String()) },
  { $id: 'Orders' },
);
export type Orders = Static<typeof OrdersSchema>;

export const TimelineItemSchema = Type.Object({
  at: Type.String(),
  chapter: Type.Union([
    Type.Literal('mirakl_said'),
    Type.Literal('we_understood'),
    Type.Literal('we_sent'),
    Type.Literal('klaviyo_answered'),
    Type.Literal('read_back'),
  ]),
  stage: Type.String(),
  what: Type.String(),
  factId: Type.String(),
  revision: Nullable(Type.Integer()),
  reason: Nullable(Type.String()),
  meaning: Nullable(Type.String({ description: 'The reason in words' })),
  detail: Nullable(Type.String()),
  state: Nullable(Type.String()),
  amount: Nullable(MoneySchema),
  eventIds: Type.Array(Type.String()),
});
export type TimelineItem = Static<typeof TimelineItemSchema>;

export const OrderEventSchema = Type.Object({
  eventId: Type.String(),
  type: Type.String({ examples: ['placed'] }),
  outcome: Nullable(Type.String({ description: "The writer's word; null while it has not spoken" })),
  reason: Nullable(Type.String()),
  at: Nullable(Type.String()),
});

export const OrderRefundSchema = Type.Object({
  kind: Type.String(),
  id: Type.String(),
  lineId: Nullable(Type.String()),
  state: Nullable(Type.String()),
  final: Type.Boolean(),
  amount: Nullable(MoneySchema),
  createdAt: Type.String(),
  completedAt: Nullable(Type.String()),
});

export const OrderStorySchema = Type.Object(
  {
    ...OrderRowSchema.properties,
    why: Nullable(
      Type.Object({
        meaning: Type.String(),
        owner: OwnerSchema,
        ownerContact: Nullable(Type.String()),
        severity: Type.String(),
        dueHours: Nullable(Type.Integer()),
        whatToDo: Type.String(),
        resolvesWhen: Type.String(),
      }),
    ),
    amounts: Type.Object({
      amount: Nullable(MoneySchema),
      amountWithoutTax: Nullable(MoneySchema),
      source: Nullable(MoneySchema),
    }),
    events: Type.Array(OrderEventSchema),
    refunds: Type.Array(OrderRefundSchema),
    timeline: Type.Array(TimelineItemSchema),
  },
  { $id: 'OrderStory', description: 'One order, where it is and everything that happened to it' },
);
export type OrderStory = Static<typeof OrderStorySchema>;

export const OrdersQuerySchema = Type.Object(
  {
    query: Type.Optional(
      Type.String({
        maxLength: 300,
        description: 'Beginning of an order number, a basket number or an order key',
      }),
    ),
    bucket: Type.Optional(Type.Enum([...BUCKETS])),
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100 })),
    marketplace: Type.Optional(Type.String({ maxLength: 63 })),
    cursor: Type.Optional(Type.String({ maxLength: 1_000 })),
    limit: Type.Optional(Type.String({ pattern: '^\\d{1,3}$', description: '1 to 200; default 50' })),
  },
  { additionalProperties: false },
);
export type OrdersQuery = Static<typeof OrdersQuerySchema>;
