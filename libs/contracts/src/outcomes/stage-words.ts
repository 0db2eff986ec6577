import { Type, type Static } from 'typebox';
import { BuyerId, MarketplaceId, Nullable, Text, Timestamp } from '../fields.ts';
import { MoneySchema } from '../money.ts';
import { StageSchema } from './fact-outcome.ts';

/** What stages say that is neither about one fact nor about a source. Of one id the newest word holds. */

export const FieldCoverageSchema = Type.Object(
  {
    kind: Type.Literal('field_coverage'),
    outcomeId: Text('<marketplaceId>:coverage:<field>:<value>:<at>', { maxLength: 1_000 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When it was counted'),
    field: Text('As the attribute mapping names it', {
      maxLength: 500,
      examples: ['additional:gift-wrap', 'line.category_label', 'order.payment_type'],
    }),
    value: Nullable(
      Text('A value of a closed list; null when the word is about the field', { maxLength: 200 }),
    ),
    mapped: Type.Boolean({ description: 'An attribute mapping names the field' }),
    orders: Type.Integer({ minimum: 0, description: 'Orders that carried it' }),
    money: Nullable(MoneySchema),
    example: Nullable(Text('A masked example', { maxLength: 200 })),
    firstSeenAt: Timestamp('First order that carried it'),
    lastSeenAt: Timestamp('Last order that carried it'),
  },
  { description: 'A source field that was seen, whether it is mapped, and the money of the orders with it' },
);
export type FieldCoverage = Static<typeof FieldCoverageSchema>;

export const MetricCountSchema = Type.Object(
  {
    kind: Type.Literal('metric_count'),
    outcomeId: Text('metric_count:<metric>:<day>', { maxLength: 500 }),
    at: Timestamp('When Klaviyo gave it'),
    metric: Text("Klaviyo's name of the metric", { maxLength: 127 }),
    day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'UTC' }),
    klaviyoEvents: Type.Integer({ minimum: 0, description: "Klaviyo's own count" }),
    klaviyoValue: Nullable(Type.Number({ description: "Klaviyo's own sum, in the account's currency" })),
    deliveredEvents: Type.Integer({
      minimum: 0,
      description: 'In our delivery ledger, accepted or verified',
    }),
    deliveredValue: Nullable(Type.Number({ description: 'Sum of the values we sent' })),
  },
  { description: "Klaviyo's own count of a metric on a day beside our delivery ledger" },
);
export type MetricCount = Static<typeof MetricCountSchema>;

export const DeliveryStateSchema = Type.Object(
  {
    kind: Type.Literal('delivery_state'),
    outcomeId: Text('delivery_state:<replica>:<at>', { maxLength: 300 }),
    at: Timestamp('When this held'),
    quotaShare: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the quota that is ours' }),
    windows: Type.Array(
      Type.Object({
        route: Text('single, bulk, profiles, read …', { maxLength: 50 }),
        windowSeconds: Type.Integer({ minimum: 1 }),
        used: Type.Integer({ minimum: 0, description: 'Requests in the last full window' }),
        limit: Type.Integer({ minimum: 0 }),
      }),
    ),
    pausedUntil: Nullable(Timestamp('Klaviyo is away or asked us to wait')),
    inDoubt: Type.Integer({ minimum: 0 }),
    awaitingReadBack: Type.Integer({ minimum: 0 }),
    newProfilesToday: Type.Integer({ minimum: 0 }),
    newProfilesThisMonth: Type.Integer({ minimum: 0 }),
  },
  { description: 'How delivery to Klaviyo goes' },
);
export type DeliveryState = Static<typeof DeliveryStateSchema>;

export const ErasureReceiptSchema = Type.Object(
  {
    kind: Type.Literal('erasure_receipt'),
    outcomeId: Text('<stage>:erasure:<buyerId>', { maxLength: 300 }),
    buyerId: BuyerId,
    stage: StageSchema,
    at: Timestamp('When it was done'),
    done: Type.Boolean({ description: 'False while it is still to be done' }),
    detail: Type.String({ maxLength: 2_000, description: 'What was deleted; never personal data' }),
  },
  { description: 'What a stage has deleted of an erased person' },
);
export type ErasureReceipt = Static<typeof ErasureReceiptSchema>;

export const FindingSchema = Type.Object(
  {
    kind: Type.Literal('finding'),
    outcomeId: Text('<stage>:finding:<marketplaceId or account>:<check>', { maxLength: 500 }),
    stage: StageSchema,
    marketplaceId: Nullable(MarketplaceId),
    at: Timestamp('When it was checked'),
    check: Text('Name of the check', {
      maxLength: 100,
      examples: ['api_key', 'tax_mode', 'scope_events_read'],
    }),
    result: Type.Enum(['ok', 'warning', 'problem']),
    detail: Type.String({ maxLength: 2_000, description: 'What was found and what to do, in a sentence' }),
  },
  { description: 'What a preflight check found' },
);
export type Finding = Static<typeof FindingSchema>;
