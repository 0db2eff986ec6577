import { MoneySchema } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import { DateOrInstant, Instant, MarketplaceField, Nullable, WhyField } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const BackfillRequestSchema = Type.Object(
  {
    marketplaceId: MarketplaceField,
    from: DateOrInstant('Orders created from here'),
    to: Type.Optional(DateOrInstant('to here; now when left out')),
    dryRun: Type.Boolean({ description: 'Only count: orders, money, and how long Klaviyo would take' }),
    why: Type.Optional(WhyField),
  },
  { additionalProperties: false },
);
export type BackfillRequest = Static<typeof BackfillRequestSchema>;

export const BackfillStartedSchema = Type.Object(
  { backfillId: Type.String() },
  {
    $id: 'BackfillStarted',
    description: 'It has been asked for; `GET /backfills` shows how far it has come',
  },
);
export type BackfillStarted = Static<typeof BackfillStartedSchema>;

export const BackfillSchema = Type.Object(
  {
    backfillId: Type.String(),
    marketplaceId: Type.String(),
    state: Type.Enum(['requested', 'queued', 'running', 'waiting', 'paused', 'done', 'cancelled', 'failed']),
    dryRun: Type.Boolean(),
    from: Instant('Orders created from here'),
    to: Instant('to here'),
    requestedBy: Type.String(),
    at: Instant('When this held'),
    startedAt: Nullable(Instant('When it began to read')),
    ordersTotal: Nullable(Type.Integer({ description: "Mirakl's own count" })),
    ordersSeen: Type.Integer(),
    ordersPublished: Type.Integer({ description: 'Those that were new or had changed' }),
    money: Type.Array(MoneySchema, { description: 'Sum of the amounts seen, per currency' }),
    klaviyoSeconds: Nullable(Type.Integer({ description: "Estimated seconds at Klaviyo's own limit" })),
    finishesAt: Nullable(Instant('Estimated end')),
    route: Nullable(Type.Enum(['export', 'listing'])),
    detail: Nullable(Type.String({ description: 'What it waits for, or why it failed' })),
    actions: Type.Array(Type.Enum(['pause', 'resume', 'cancel']), {
      description: 'What can be done about it now',
    }),
  },
  { $id: 'Backfill' },
);
export type Backfill = Static<typeof BackfillSchema>;

export const BackfillsSchema = Type.Object(
  { asOf: Type.String(), backfills: Type.Array(BackfillSchema) },
  { $id: 'Backfills', description: 'The newest first; at most 200' },
);
export type Backfills = Static<typeof BackfillsSchema>;

export const BackfillControlSchema = Type.Object(
  { why: Type.Optional(WhyField) },
  { additionalProperties: false },
);

const control = (action: 'pause' | 'resume' | 'cancel', summary: string): ApiRoute => ({
  id: `${action}Backfill`,
  method: 'POST',
  path: `/backfills/{id}/${action}`,
  summary,
  role: 'operator',
  body: BackfillControlSchema,
  answer: BackfillStartedSchema,
  status: 202,
  refusals: { 404: 'There is no such backfill', 409: 'It is in a state in which this cannot be done' },
});

export const backfillRoutes: readonly ApiRoute[] = [
  {
    id: 'startBackfill',
    method: 'POST',
    path: '/backfills',
    summary: 'Load history, or count what it would be',
    role: 'operator',
    body: BackfillRequestSchema,
    answer: BackfillStartedSchema,
    status: 202,
    refusals: { 404: 'There is no such marketplace' },
  },
  {
    id: 'listBackfills',
    method: 'GET',
    path: '/backfills',
    summary: 'How far each backfill has come',
    role: 'viewer',
    answer: BackfillsSchema,
  },
  control('pause', 'Pause a backfill'),
  control('resume', 'Let a paused backfill go on'),
  control('cancel', 'Cancel a backfill; what it has published stays'),
];
