import { type Static, Type } from 'typebox';
import { Instant, MarketplaceField, Nullable, WhyField } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';
import { HealthSchema } from '../marketplaces/marketplaces.api.ts';

export const LaneSchema = Type.Object({
  group: Type.String({ description: 'Consumer group: the service that reads' }),
  topic: Type.String(),
  messages: Type.Integer({ description: 'Records not yet dealt with' }),
  seconds: Nullable(
    Type.Number({
      description: 'Age of the oldest of them; null for a group that has not been looked at long enough',
    }),
  ),
  partitions: Type.Array(
    Type.Object({ partition: Type.Integer(), messages: Type.Integer(), seconds: Type.Number() }),
  ),
});
export type Lane = Static<typeof LaneSchema>;

export const DeliverySchema = Type.Object({
  replica: Type.String(),
  at: Instant('When this held'),
  stale: Type.Boolean({ description: 'Older than two minutes: the replica may be gone' }),
  quotaShare: Type.Number({ description: "Share of Klaviyo's quota that is ours" }),
  windows: Type.Array(
    Type.Object({
      route: Type.String(),
      windowSeconds: Type.Integer(),
      used: Type.Integer(),
      limit: Type.Integer(),
      share: Nullable(Type.Number({ description: 'used / limit' })),
    }),
  ),
  pausedUntil: Nullable(Instant('Klaviyo is away or asked us to wait')),
  inDoubt: Type.Integer(),
  awaitingReadBack: Type.Integer(),
  newProfilesToday: Type.Integer(),
  newProfilesThisMonth: Type.Integer(),
});

export const BackfillRowSchema = Type.Object({
  backfillId: Type.String(),
  marketplaceId: Type.String(),
  state: Type.String({ examples: ['running', 'done'] }),
  dryRun: Type.Boolean(),
  from: Instant('Orders created from here'),
  to: Instant('to here'),
  requestedBy: Type.String(),
  startedAt: Nullable(Instant('When it began to read')),
  updatedAt: Instant('When this held'),
  ordersTotal: Nullable(Type.Integer()),
  ordersSeen: Type.Integer(),
  ordersPublished: Type.Integer(),
  progress: Nullable(Type.Number({ description: 'ordersSeen / ordersTotal, at most 1' })),
  finishesAt: Nullable(Instant('Estimated end')),
  detail: Nullable(Type.String()),
});

const PollerSchema = Type.Object({
  marketplaceId: Type.String(),
  name: Type.String(),
  health: HealthSchema,
  replica: Nullable(Type.String({ description: 'The replica of mirakl-ingest that made the last poll' })),
  polledAt: Nullable(Instant('When its last complete poll ended')),
  leaseUntil: Nullable(
    Instant(
      'Up to when only this replica could poll it, as of that poll. It renews this right every few seconds while it lives; past that time another takes over',
    ),
  ),
});

export const OperationsSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    kafka: Type.Object({
      reachable: Type.Boolean(),
      asOf: Nullable(Instant('Last look at the brokers')),
      problem: Nullable(Type.String()),
    }),
    lanes: Type.Array(LaneSchema),
    deadLetters: Type.Array(
      Type.Object({
        topic: Type.String(),
        group: Type.String(),
        source: Type.String(),
        messages: Type.Integer(),
      }),
    ),
    delivery: Type.Array(DeliverySchema, { description: 'By replica of klaviyo-writer' }),
    pollers: Type.Array(PollerSchema, { description: 'Which replica polls which marketplace' }),
    throughput: Type.Array(
      Type.Object({ minute: Instant('The minute'), captured: Type.Integer(), verified: Type.Integer() }),
      { description: 'Words folded per minute of the last hour, by when they were said' },
    ),
    backfills: Type.Array(BackfillRowSchema),
    metricCounts: Type.Array(
      Type.Object({
        metric: Type.String(),
        day: Type.String(),
        klaviyoEvents: Type.Integer(),
        deliveredEvents: Type.Integer(),
        difference: Type.Integer(),
      }),
      { description: "Klaviyo's own counts beside our delivery ledger, newest days first" },
    ),
  },
  { $id: 'Operations', description: 'Is the machinery well?' },
);
export type Operations = Static<typeof OperationsSchema>;

export const DeadLetterSchema = Type.Object({
  topic: Type.String({ description: 'Dead-letter topic' }),
  partition: Type.Integer(),
  offset: Type.String(),
  source: Type.Object({
    topic: Type.String(),
    partition: Nullable(Type.Integer()),
    offset: Nullable(Type.String()),
  }),
  group: Type.String(),
  stage: Type.String(),
  reason: Type.String(),
  meaning: Type.String(),
  whatToDo: Type.String(),
  detail: Nullable(Type.String()),
  attempts: Type.Integer(),
  at: Nullable(Instant('When it was put aside')),
  orderKey: Nullable(Type.String()),
  bytes: Type.Integer({ description: 'Size of the original' }),
  shape: Nullable(
    Type.Unknown({
      description: 'The original with every value masked: names of fields and kinds of values',
    }),
  ),
  replayable: Type.Boolean({ description: 'False for bytes that never were on a topic' }),
  replayedAt: Nullable(Instant('When it was last replayed')),
});
export type DeadLetterRow = Static<typeof DeadLetterSchema>;

export const DeadLettersSchema = Type.Object(
  { asOf: Instant('When this was read'), letters: Type.Array(DeadLetterSchema), more: Type.Boolean() },
  { $id: 'DeadLetters', description: 'Newest first. Original bytes are never shown' },
);
export type DeadLetters = Static<typeof DeadLettersSchema>;

export const DeadLettersQuerySchema = Type.Object(
  {
    topic: Type.Optional(Type.String({ maxLength: 249, description: 'Only this dead-letter topic' })),
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100 })),
    marketplace: Type.Optional(MarketplaceField),
    limit: Type.Optional(Type.String({ pattern: '^\\d{1,3}$', description: '1 to 200; default 50' })),
  },
  { additionalProperties: false },
);
export type DeadLettersQuery = Static<typeof DeadLettersQuerySchema>;

export const ReplayDeadLettersBodySchema = Type.Object(
  {
    letters: Type.Array(
      Type.Object(
        {
          topic: Type.String({ maxLength: 249 }),
          partition: Type.Integer({ minimum: 0 }),
          offset: Type.String({ pattern: '^\\d{1,19}$' }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 500 },
    ),
    preview: Type.Optional(Type.Boolean({ description: 'Only say what would happen' })),
    again: Type.Optional(Type.Boolean({ description: 'Also those that were replayed before' })),
    why: WhyField,
  },
  { additionalProperties: false },
);
export type ReplayDeadLettersBody = Static<typeof ReplayDeadLettersBodySchema>;

export const ReplayDeadLettersSchema = Type.Object(
  {
    preview: Type.Boolean(),
    replayed: Type.Integer({ description: 'Put back on their topic, or that would be' }),
    skipped: Type.Array(
      Type.Object({
        topic: Type.String(),
        partition: Type.Integer(),
        offset: Type.String(),
        because: Type.String(),
      }),
    ),
  },
  { $id: 'ReplayDeadLetters' },
);
export type ReplayDeadLetters = Static<typeof ReplayDeadLettersSchema>;

export const operationsRoutes: readonly ApiRoute[] = [
  {
    id: 'readOperations',
    method: 'GET',
    path: '/operations',
    summary: 'Lag in messages and seconds, quota, dead letters, backfills',
    role: 'viewer',
    answer: OperationsSchema,
  },
  {
    id: 'listDeadLetters',
    method: 'GET',
    path: '/dead-letters',
    summary: 'Records that could not succeed unchanged',
    role: 'viewer',
    query: DeadLettersQuerySchema,
    answer: DeadLettersSchema,
  },
  {
    id: 'replayDeadLetters',
    method: 'POST',
    path: '/dead-letters/replay',
    summary:
      'Puts the original bytes back on the topic they came from; with `preview` only says what would happen',
    role: 'operator',
    body: ReplayDeadLettersBodySchema,
    answer: ReplayDeadLettersSchema,
  },
];
