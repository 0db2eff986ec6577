import { Type, type Static } from 'typebox';
import { marketplaceIdOf } from './ids.ts';
import { MarketplaceId, Nullable, OrderKey, Text, Timestamp } from './fields.ts';
import { MoneySchema } from './money.ts';
import type { ReasonCode } from './reasons.ts';

export const STAGES = ['ingest', 'mapper', 'writer', 'monitor'] as const;
export type Stage = (typeof STAGES)[number];
export const StageSchema = Type.Enum([...STAGES]);

export const OUTCOMES = [
  'captured',
  'mapped',
  'uncaptured',
  'withheld',
  'not_a_sale',
  'accepted',
  'verified',
  'failed',
  'erased',
] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

// Open on the wire: a service that is upgraded later must still read the codes of one that was upgraded before it.
const Reason = Type.String({
  pattern: '^[a-z_]+\\.[a-z_]+$',
  maxLength: 100,
  description: 'Reason code; the list is in docs/generated/reasons.md and may grow',
});

const FactOutcome = Type.Object(
  {
    kind: Type.Literal('fact'),
    outcomeId: Text('Deterministic: the same word said again has the same id', { maxLength: 1_500 }),
    orderKey: Nullable(OrderKey),
    marketplaceId: Nullable(MarketplaceId),
    stage: StageSchema,
    factId: Text('What the word is about: an order key, a refund fact id or a buyer event id', {
      maxLength: 800,
    }),
    outcome: Type.Enum([...OUTCOMES]),
    reason: Nullable(Reason),
    detail: Nullable(
      Type.String({ maxLength: 2_000, description: 'For a person who looks into it; never personal data' }),
    ),
    at: Timestamp('When the stage said so'),
    revision: Type.Integer({
      minimum: 0,
      description:
        'Of words on the same fact by the same stage, the one with the highest revision (then `at`) holds',
    }),
    orderCreatedAt: Type.Optional(
      Timestamp(
        'When the buyer ordered: sent with an order that cannot be read, so that it still has a place in time',
      ),
    ),
    eventIds: Type.Optional(
      Type.Array(Text('Buyer event id', { maxLength: 800 }), {
        description: "Mapper's `mapped`: every buyer event that must be verified before the order is",
      }),
    ),
  },
  { description: 'What a stage says of a fact' },
);

const CountAudit = Type.Object(
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

const PollCompleted = Type.Object(
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
  },
  { description: 'A complete scan of a marketplace: everything it saw has been published' },
);

const PollFailed = Type.Object(
  {
    kind: Type.Literal('poll_failed'),
    outcomeId: Text('<marketplaceId>:poll_failed:<at>', { maxLength: 300 }),
    marketplaceId: MarketplaceId,
    at: Timestamp('When it failed'),
    consecutive: Type.Integer({ minimum: 1, description: 'Failures in a row' }),
    reason: Reason,
    detail: Nullable(Type.String({ maxLength: 2_000 })),
  },
  { description: 'A marketplace could not be read' },
);

const Sighting = Type.Object(
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

/** One outcome per fact and stage, and what the sources say of themselves. */
export const OutcomeSchema = Type.Union([FactOutcome, CountAudit, PollCompleted, PollFailed, Sighting], {
  $id: 'sync.outcomes.v1',
  title: 'Outcome',
  description: 'One outcome per fact and stage, and source audits',
});
export type Outcome = Static<typeof OutcomeSchema>;
export type FactOutcome = Static<typeof FactOutcome>;
export type CountAudit = Static<typeof CountAudit>;
export type PollCompleted = Static<typeof PollCompleted>;
export type PollFailed = Static<typeof PollFailed>;
export type Sighting = Static<typeof Sighting>;

export interface FactOutcomeInput {
  readonly stage: Stage;
  /** Null only when the subject of an unreadable record is not known. */
  readonly orderKey: string | null;
  readonly factId: string;
  readonly outcome: OutcomeName;
  readonly reason?: ReasonCode | null;
  readonly detail?: string | null;
  readonly at: Date;
  readonly revision: number;
  readonly eventIds?: readonly string[];
  readonly orderCreatedAt?: string;
}

/** Builds an outcome whose id is a function of what it says: said twice, it is one outcome. */
export function factOutcome(input: FactOutcomeInput): FactOutcome {
  const { stage, orderKey, factId, outcome, revision } = input;
  const reason = input.reason ?? null;
  return {
    kind: 'fact',
    outcomeId: [stage, factId, revision, outcome, ...(reason ? [reason] : [])].join('|'),
    orderKey,
    marketplaceId: orderKey === null ? null : marketplaceIdOf(orderKey),
    stage,
    factId,
    outcome,
    reason,
    detail: input.detail ?? null,
    at: input.at.toISOString(),
    revision,
    ...(input.eventIds ? { eventIds: [...input.eventIds] } : {}),
    ...(input.orderCreatedAt ? { orderCreatedAt: input.orderCreatedAt } : {}),
  };
}
