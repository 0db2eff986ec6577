import { Type, type Static } from 'typebox';
import { ContactClassSchema, type ContactClass } from '../buyer-profiles.v1.ts';
import { BuyerId, MarketplaceId, Nullable, OrderKey, Text, Timestamp } from '../fields.ts';
import { marketplaceIdOf } from '../ids.ts';
import type { ReasonCode } from '../reasons.ts';

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
export const Reason = Type.String({
  pattern: '^[a-z_]+\\.[a-z_]+$',
  maxLength: 100,
  description: 'Reason code; the list is in docs/generated/reasons.md and may grow',
});

/** What a stage says of a fact. */
export const FactOutcomeSchema = Type.Object(
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
    contactClass: Type.Optional(ContactClassSchema),
    country: Type.Optional(
      Nullable(Text('Country shipped to, ISO 3166-1 alpha-2 where it is known', { maxLength: 200 })),
    ),
    buyerId: Type.Optional(BuyerId),
    exchange: Type.Optional(
      Type.Object(
        {
          sent: Type.String({ maxLength: 8_000 }),
          answered: Type.String({ maxLength: 8_000 }),
        },
        { description: 'What we sent and what Klaviyo answered, personal data redacted' },
      ),
    ),
  },
  { description: 'What a stage says of a fact' },
);
export type FactOutcome = Static<typeof FactOutcomeSchema>;

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
  readonly contactClass?: ContactClass;
  readonly country?: string | null;
  readonly buyerId?: string;
  readonly exchange?: { readonly sent: string; readonly answered: string };
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
    ...(input.contactClass ? { contactClass: input.contactClass } : {}),
    ...(input.country === undefined ? {} : { country: input.country }),
    ...(input.buyerId ? { buyerId: input.buyerId } : {}),
    ...(input.exchange ? { exchange: { ...input.exchange } } : {}),
  };
}
