import { Type, type Static } from 'typebox';
import { AttributesSchema } from './attributes.ts';
import { BuyerProfileSchema, ContactClassSchema } from './buyer-profiles.v1.ts';
import { BuyerId, MarketplaceId, Nullable, OrderKey, Text, Timestamp } from './fields.ts';
import { MoneySchema } from './money.ts';

export const BUYER_EVENT_TYPES = [
  'order.placed',
  'order.fulfilled',
  'order.cancelled',
  'order.refunded',
  'order.returned',
] as const;

const EventLine = Type.Object({
  eventId: Text('<orderKey>:line:<lineId>', { maxLength: 800 }),
  lineId: Text('Unique inside the order', { maxLength: 300 }),
  sku: Nullable(Text("The seller's own SKU")),
  productSku: Nullable(Text("The operator's product SKU")),
  title: Nullable(Text('Product title')),
  category: Nullable(Text('Category label')),
  quantity: Type.Integer({ minimum: 0 }),
  unitPrice: Nullable(MoneySchema),
  amount: Nullable(MoneySchema),
  amountReporting: Nullable(MoneySchema),
  imageUrl: Nullable(Text('Absolute address of the product picture')),
  attributes: Type.Optional(AttributesSchema),
});

/** A canonical buyer event: what happened, to whom, for how much, with the buyer's profile as it was then. */
export const BuyerEventSchema = Type.Object(
  {
    eventId: Text('Deterministic; a repeat has the same id', { maxLength: 800 }),
    type: Type.Enum([...BUYER_EVENT_TYPES]),
    orderKey: OrderKey,
    marketplaceId: MarketplaceId,
    orderId: Text("Mirakl's order id", { maxLength: 300 }),
    commercialId: Nullable(Text('The basket', { maxLength: 300 })),
    buyerId: BuyerId,
    occurredAt: Timestamp('When it happened at the marketplace'),
    publishedAt: Timestamp('When this message was made'),
    channel: Text("The marketers' label of the marketplace"),
    country: Nullable(Text('Country shipped to', { maxLength: 200 })),
    amount: Nullable(MoneySchema),
    amountReporting: Nullable(MoneySchema),
    order: Type.Object({
      state: Text('order_state', { maxLength: 100 }),
      placedAt: Timestamp('When the buyer ordered'),
      amount: Nullable(MoneySchema),
      lines: Type.Array(EventLine),
    }),
    change: Nullable(
      Type.Object(
        {
          id: Text('Id of the refund, cancelation or return', { maxLength: 300 }),
          lineId: Nullable(Text('The order line', { maxLength: 300 })),
          quantity: Nullable(Type.Integer({ minimum: 0 })),
          reasonCode: Nullable(Text("The operator's reason code", { maxLength: 300 })),
          runningTotal: Nullable(MoneySchema),
        },
        {
          description:
            'What was refunded, cancelled or returned, with the running total of its kind on the order',
        },
      ),
    ),
    contact: Type.Object({
      email: Text('Normalised address', { maxLength: 320 }),
      class: ContactClassSchema,
      source: Type.Union([Type.Literal('mirakl'), Type.Literal('claim')]),
    }),
    profile: BuyerProfileSchema,
    deliver: Type.Union([Type.Literal('events_and_profiles'), Type.Literal('events_for_existing_profiles')]),
    attributes: Type.Optional(AttributesSchema),
  },
  {
    $id: 'buyer.events.v1',
    title: 'BuyerEvent',
    description: 'A canonical buyer event. Drop repeats by eventId; order is kept per buyer',
  },
);
export type BuyerEvent = Static<typeof BuyerEventSchema>;
export type BuyerEventLine = BuyerEvent['order']['lines'][number];
