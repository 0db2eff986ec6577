import { Type, type Static } from 'typebox';
import { MarketplaceId, Nullable, OrderKey, Revision, Text, Timestamp } from './fields.ts';
import { MoneySchema } from './money.ts';

/** A refund, cancelation or return. One message per id and state. */
export const RefundFactSchema = Type.Object(
  {
    factId: Text('<orderKey>:<kind>:<id>', { maxLength: 800 }),
    orderKey: OrderKey,
    marketplaceId: MarketplaceId,
    kind: Type.Union([Type.Literal('refund'), Type.Literal('cancelation'), Type.Literal('return')]),
    id: Text("Mirakl's id of it", { maxLength: 300 }),
    lineId: Nullable(Text('The order line; null when it is about the whole order', { maxLength: 300 })),
    revision: Revision('Grows by one with each captured change of it'),
    observedAt: Timestamp('When Mirakl gave this answer'),
    state: Nullable(Text('refund_state or return state, open; a cancelation has none', { maxLength: 100 })),
    final: Type.Boolean({
      description: 'Nothing more will happen to it: money paid back, units cancelled, goods received',
    }),
    amount: Nullable(MoneySchema),
    quantity: Nullable(
      Type.Integer({ minimum: 0, description: 'Informative only: may be 0 with money in it' }),
    ),
    reasonCode: Nullable(Text("The operator's reason code", { maxLength: 300 })),
    createdAt: Timestamp('When it was asked for'),
    completedAt: Nullable(Timestamp('When the money moved or the goods came back, where Mirakl says so')),
  },
  {
    $id: 'mirakl.refunds.v1',
    title: 'RefundFact',
    description:
      'A refund, cancelation or return of an order. Amount: goods, shipping and fees, by the tax rule of orders',
  },
);
export type RefundFact = Static<typeof RefundFactSchema>;
