import { BUCKETS, MoneySchema } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import {
  CursorField,
  DateOrInstant,
  Instant,
  LimitField,
  MarketplaceField,
  NextCursor,
  Nullable,
  OwnerSchema,
  ReasonField,
  SeveritySchema,
  WhyField,
} from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

const Bucket = Type.Enum([...BUCKETS]);

const orderFields = {
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
  contactClass: Nullable(
    Type.String({ description: 'How the buyer can be reached; null while nobody has judged it' }),
  ),
  country: Nullable(Type.String()),
  buyerId: Nullable(Type.String({ description: 'Keyed hash; lists the other orders of the same buyer' })),
};

export const OrderRowSchema = Type.Object(orderFields, { $id: 'OrderRow' });
export type OrderRow = Static<typeof OrderRowSchema>;

export const OrdersSchema = Type.Object(
  { orders: Type.Array(OrderRowSchema), nextCursor: NextCursor },
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
  exchange: Nullable(
    Type.Object(
      { sent: Type.String(), answered: Type.String() },
      { description: 'What we sent and what Klaviyo answered, personal data redacted' },
    ),
  ),
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

export const OrderActionSchema = Type.Enum(['refetch', 'replay', 'verify', 'claim']);

export const OrderStorySchema = Type.Object(
  {
    ...orderFields,
    why: Nullable(
      Type.Object({
        meaning: Type.String(),
        owner: OwnerSchema,
        ownerContact: Nullable(Type.String()),
        severity: SeveritySchema,
        dueHours: Nullable(Type.Integer()),
        whatToDo: Type.String(),
        resolvesWhen: Type.String(),
        runbook: Type.String({ description: 'Its page below docs/' }),
      }),
    ),
    contacts: Type.Array(
      Type.Object({
        field: Type.String({ description: 'The field at Mirakl that it stands in' }),
        masked: Type.String({ examples: ['j***@e***.com'] }),
      }),
      { description: 'What Mirakl says of the buyer’s address, masked' },
    ),
    exceptions: Type.Array(Type.Object({ id: Type.String(), reason: Type.String(), state: Type.String() }), {
      description: 'Its exceptions, the newest first',
    }),
    actions: Type.Array(OrderActionSchema, { description: 'What can be done about it now' }),
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
        description:
          'Beginning of an order number or a basket number; or an order key, a SKU, or the id of a buyer event',
      }),
    ),
    bucket: Type.Optional(Type.Enum([...BUCKETS])),
    reason: Type.Optional(ReasonField),
    marketplace: Type.Optional(MarketplaceField),
    from: Type.Optional(DateOrInstant('Ordered from here; a date begins at 00:00 UTC')),
    to: Type.Optional(DateOrInstant('Ordered up to here, included; a date ends with its last millisecond')),
    contactClass: Type.Optional(Type.String({ pattern: '^[a-z_]+$', maxLength: 50 })),
    country: Type.Optional(Type.String({ maxLength: 200 })),
    buyer: Type.Optional(
      Type.String({ pattern: '^[a-f0-9]{64}$', description: 'Buyer id: orders of this buyer only' }),
    ),
    cursor: Type.Optional(CursorField),
    limit: Type.Optional(LimitField),
  },
  { additionalProperties: false },
);
export type OrdersQuery = Static<typeof OrdersQuerySchema>;

export const RevealSchema = Type.Object({ why: WhyField }, { additionalProperties: false });

export const RevealedSchema = Type.Object(
  {
    orderKey: Type.String(),
    contacts: Type.Array(Type.Object({ field: Type.String(), address: Type.String() })),
    revealedAt: Instant('Also in the audit log'),
  },
  { $id: 'Revealed', description: 'Personal data: shown once, to be kept nowhere' },
);
export type Revealed = Static<typeof RevealedSchema>;

export const FindBuyerSchema = Type.Object(
  { email: Type.String({ minLength: 3, maxLength: 320, description: 'The address; it is not kept' }) },
  { additionalProperties: false },
);

export const FoundBuyerSchema = Type.Object(
  {
    buyerId: Type.String({ description: 'For `GET /orders?buyer=`' }),
    orders: Type.Integer({ description: 'How many orders the ledger knows of this buyer' }),
  },
  { $id: 'FoundBuyer' },
);
export type FoundBuyer = Static<typeof FoundBuyerSchema>;

const UNKNOWN_ORDER = { 404: 'Nobody has spoken of this order' };

export const orderRoutes: readonly ApiRoute[] = [
  {
    id: 'listOrders',
    method: 'GET',
    path: '/orders',
    summary: 'Orders, the newest first',
    role: 'viewer',
    query: OrdersQuerySchema,
    answer: OrdersSchema,
  },
  {
    id: 'readOrder',
    method: 'GET',
    path: '/orders/{orderKey}',
    summary: 'One order and everything that happened to it',
    role: 'viewer',
    answer: OrderStorySchema,
    refusals: UNKNOWN_ORDER,
  },
  {
    id: 'revealContact',
    method: 'POST',
    path: '/orders/{orderKey}/reveal',
    summary: "Show the buyer's address; who asked and why is kept in the audit log",
    role: 'operator',
    body: RevealSchema,
    answer: RevealedSchema,
    refusals: { ...UNKNOWN_ORDER, 429: 'Too many reveals; the message says how long to wait' },
  },
  {
    id: 'findBuyer',
    method: 'POST',
    path: '/buyers/find',
    summary: 'The buyer behind an address, without the address in any URL or log',
    role: 'operator',
    body: FindBuyerSchema,
    answer: FoundBuyerSchema,
    refusals: { 429: 'Too many look-ups; the message says how long to wait' },
  },
];
