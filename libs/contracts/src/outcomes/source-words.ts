import { Type, type Static } from 'typebox';
import { MarketplaceId, Nullable, OrderKey, Text, Timestamp } from '../fields.ts';
import { MoneySchema } from '../money.ts';
import { Reason } from './fact-outcome.ts';

/** What mirakl-ingest says of a marketplace as a whole. */

export const CountAuditSchema = Type.Object(
  {
    kind: Type.Literal('count_audit'),
    outcomeId: Text('<marketplaceId>:count_audit:<at>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When Mirakl gave the count'),
    since: Timestamp('Orders created from here …'),
    until: Timestamp('… up to here, both ends counted'),
    orders: Type.Integer({ minimum: 0, description: "Mirakl's total_count" }),
  },
  { description: "Mirakl's own count of the orders of a marketplace" },
);
export type CountAudit = Static<typeof CountAuditSchema>;

export const DayCountSchema = Type.Object(
  {
    kind: Type.Literal('day_count'),
    outcomeId: Text('<marketplaceId>:day_count:<since>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When Mirakl gave the count'),
    since: Timestamp('Orders created from here …'),
    until: Timestamp('… up to here, both ends counted; a day or less'),
    orders: Type.Integer({ minimum: 0, description: "Mirakl's total_count" }),
  },
  { description: "Mirakl's own count of the orders created on one day, from the sweep" },
);
export type DayCount = Static<typeof DayCountSchema>;

export const PollCompletedSchema = Type.Object(
  {
    kind: Type.Literal('poll_completed'),
    outcomeId: Text('<marketplaceId>:poll:<startedAt>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When the last page had been published'),
    startedAt: Timestamp("When the scan began, by Mirakl's clock"),
    watermark: Timestamp('Time before which every change has been published'),
    ordersSeen: Type.Integer({ minimum: 0 }),
    ordersChanged: Type.Integer({ minimum: 0 }),
    publishedUpTo: Type.Record(Type.String({ pattern: '^\\d+$' }), Type.String({ pattern: '^\\d+$' }), {
      description:
        'Per partition of mirakl.orders.v1 the offset after the last order published so far for the marketplace',
    }),
    replica: Type.Optional(Text('The replica of mirakl-ingest that polled', { maxLength: 300 })),
    leaseUntil: Type.Optional(
      Timestamp(
        'When its right to poll the marketplace ends unless it is renewed, as it is every few seconds while the replica lives',
      ),
    ),
  },
  { description: 'A complete scan of a marketplace: everything it saw has been published' },
);
export type PollCompleted = Static<typeof PollCompletedSchema>;

export const PollFailedSchema = Type.Object(
  {
    kind: Type.Literal('poll_failed'),
    outcomeId: Text('<marketplaceId>:poll_failed:<at>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When it failed'),
    consecutive: Type.Integer({ minimum: 1, description: 'Failures in a row' }),
    reason: Reason,
    detail: Nullable(Type.String({ maxLength: 2_000 })),
    staleSince: Type.Optional(
      Timestamp(
        'After several failures in a row: up to here everything had been published, later changes had not',
      ),
    ),
  },
  { description: 'A marketplace could not be read' },
);
export type PollFailed = Static<typeof PollFailedSchema>;

export const SightingSchema = Type.Object(
  {
    kind: Type.Literal('sighting'),
    outcomeId: Text('<orderKey>:sighting:<contentHash>', { maxLength: 800 }),
    orderKey: OrderKey,
    marketplaceId: MarketplaceId,
    at: Timestamp('When Mirakl gave this answer'),
    createdAt: Timestamp('When the buyer ordered'),
    amount: Nullable(MoneySchema),
    contentHash: Type.String({ pattern: '^[a-f0-9]{64}$' }),
  },
  { description: 'The sweep saw this order by its creation date: held beside what was captured' },
);
export type Sighting = Static<typeof SightingSchema>;

export const UnknownValueSchema = Type.Object(
  {
    kind: Type.Literal('unknown_value'),
    outcomeId: Text('<marketplaceId>:unknown_value:<field>:<value>', { maxLength: 800 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When it was last seen'),
    field: Text('Where it stood', { maxLength: 200, examples: ['order_state', 'refund_state'] }),
    value: Text('The value, or the name of the new field', { maxLength: 200 }),
    count: Type.Integer({ minimum: 1, description: 'How often it has been seen so far' }),
  },
  { description: 'Mirakl sent a value of an open list that this version does not know' },
);
export type UnknownValue = Static<typeof UnknownValueSchema>;

const Labelled = Type.Object({
  code: Text('Code', { maxLength: 300 }),
  label: Nullable(Text('Label, in the language of the operator', { maxLength: 500 })),
  type: Nullable(Text('What it is a reason for; null for a channel', { maxLength: 100 })),
});

export const MarketplaceSettingsSchema = Type.Object(
  {
    kind: Type.Literal('marketplace_settings'),
    outcomeId: Text('<marketplaceId>:settings:<at>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When Mirakl gave them'),
    shopId: Nullable(Text('Shop id', { maxLength: 100 })),
    shopName: Nullable(Text('Shop name', { maxLength: 300 })),
    currency: Nullable(Text('Currency of the shop', { maxLength: 10 })),
    taxMode: Nullable(Text('order_tax_mode of the platform', { maxLength: 50 })),
    timezone: Nullable(Text('Time zone of the platform', { maxLength: 100 })),
    channels: Type.Array(Labelled),
    reasons: Type.Array(Labelled),
    features: Type.Record(Type.String(), Type.String(), {
      description: 'Switches of the platform that change what orders look like',
    }),
  },
  { description: 'How the marketplace and its shop are set up' },
);
export type MarketplaceSettings = Static<typeof MarketplaceSettingsSchema>;

export const TransactionSchema = Type.Object(
  {
    kind: Type.Literal('transaction'),
    outcomeId: Text('<marketplaceId>:transaction:<id>', { maxLength: 500 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When Mirakl gave it'),
    transactionId: Text("Mirakl's id of the line", { maxLength: 200 }),
    type: Text('Type of the transaction line; an open list', { maxLength: 100 }),
    orderKey: Nullable(OrderKey),
    lineId: Nullable(Text('Order line', { maxLength: 300 })),
    refundId: Nullable(Text('Refund id, the same as in the order', { maxLength: 300 })),
    amount: MoneySchema,
    createdAt: Timestamp('When it was booked'),
    updatedAt: Timestamp('When it last changed'),
    paymentState: Nullable(Text('PENDING, PAYABLE, PAID …; an open list', { maxLength: 100 })),
  },
  { description: 'A line of the transaction log (TL02) about a refund; debits are negative' },
);
export type Transaction = Static<typeof TransactionSchema>;

export const BACKFILL_STATES = [
  'queued',
  'running',
  'waiting',
  'paused',
  'done',
  'cancelled',
  'failed',
] as const;

export const BackfillProgressSchema = Type.Object(
  {
    kind: Type.Literal('backfill'),
    outcomeId: Text('<backfillId>:<state>:<at>', { maxLength: 500 }),
    backfillId: Text('The id of the command that asked for it, or first:<marketplaceId>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When this held'),
    state: Type.Enum([...BACKFILL_STATES]),
    dryRun: Type.Boolean(),
    from: Timestamp('Orders created from here'),
    to: Timestamp('to here'),
    requestedBy: Text('Who asked for it', { maxLength: 300 }),
    startedAt: Nullable(Timestamp('When it began to read')),
    ordersTotal: Nullable(Type.Integer({ minimum: 0, description: "Mirakl's own count" })),
    ordersSeen: Type.Integer({ minimum: 0 }),
    ordersPublished: Type.Integer({ minimum: 0, description: 'Those that were new or had changed' }),
    money: Type.Array(MoneySchema, { description: 'Sum of the amounts seen, per currency' }),
    klaviyoSeconds: Nullable(
      Type.Integer({ minimum: 0, description: "Estimated seconds at Klaviyo's own limit" }),
    ),
    finishesAt: Nullable(Timestamp('Estimated end')),
    route: Nullable(Type.Enum(['export', 'listing'], { description: 'Async export, or order listing' })),
    detail: Nullable(Type.String({ maxLength: 2_000, description: 'What it waits for, or why it failed' })),
  },
  { description: 'How far a backfill has come; of one backfill the newest word holds' },
);
export type BackfillProgress = Static<typeof BackfillProgressSchema>;
export type BackfillState = BackfillProgress['state'];
