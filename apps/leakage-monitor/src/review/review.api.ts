import { type Static, Type } from 'typebox';
import { AmountsSchema } from '../balance/balance.api.ts';
import { Instant, Nullable, OwnerSchema } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';
import { TrendWeekSchema } from '../trend/trend.api.ts';

export const DecisionSchema = Type.Object({
  id: Type.String(),
  week: Type.String({ description: 'The review it was taken in' }),
  text: Type.String(),
  owner: OwnerSchema,
  reason: Nullable(Type.String({ description: 'Reason code it is about' })),
  marketplaceId: Nullable(Type.String()),
  dueOn: Nullable(Type.String({ description: 'YYYY-MM-DD' })),
  state: Type.Enum(['open', 'done', 'dropped']),
  takenBy: Type.String(),
  takenAt: Instant('When it was written'),
  closedBy: Nullable(Type.String()),
  closedAt: Nullable(Instant('When it was done or dropped')),
  closingNote: Nullable(Type.String()),
});
export type Decision = Static<typeof DecisionSchema>;

export const ReviewGroupSchema = Type.Object({
  reason: Type.String(),
  meaning: Type.String(),
  marketplaceId: Nullable(Type.String()),
  owner: OwnerSchema,
  severity: Type.String(),
  whatToDo: Type.String(),
  opened: Type.Integer({ description: 'Opened in the week' }),
  resolved: Type.Integer({ description: 'Resolved in the week' }),
  open: Type.Integer({ description: 'Open at the end of the week, or now while the week lasts' }),
  overdue: Type.Integer(),
  recurring: Type.Boolean({ description: 'Also opened in one of the four weeks before' }),
  weeksBefore: Type.Array(Type.Integer(), {
    description: 'Opened in each of the four weeks before, oldest first',
  }),
  money: Type.Record(Type.String(), Type.String(), { description: 'Of those open' }),
});
export type ReviewGroup = Static<typeof ReviewGroupSchema>;

export const SignatureSchema = Type.Object({
  by: Type.String(),
  at: Instant('When it was signed'),
  note: Nullable(Type.String()),
});

export const ReviewSchema = Type.Object(
  {
    week: Type.String({ examples: ['2026-W09'] }),
    from: Instant('Monday 00:00, in the time zone of the review'),
    to: Instant('Sunday, its last millisecond'),
    timezone: Type.String(),
    dueAt: Instant('When the review is to be held'),
    state: Type.Enum(['running', 'due', 'overdue', 'signed']),
    asOf: Instant('When the figures were read; a signed review keeps those it was signed with'),
    frozen: Type.Boolean({ description: 'The figures are those it was signed with' }),
    totals: Type.Object({
      captured: AmountsSchema,
      verified: AmountsSchema,
      leaking: AmountsSchema,
      recovered: AmountsSchema,
    }),
    trend: Type.Array(TrendWeekSchema, { description: 'The four weeks before and this one' }),
    exceptions: Type.Object({
      opened: Type.Integer(),
      resolved: Type.Integer(),
      open: Type.Integer(),
      overdue: Type.Integer(),
      groups: Type.Array(ReviewGroupSchema),
    }),
    owners: Type.Array(
      Type.Object({
        owner: OwnerSchema,
        contacts: Type.Array(Type.String(), { description: 'As named in marketplaces.yaml' }),
        groups: Type.Array(ReviewGroupSchema),
        decisions: Type.Array(DecisionSchema),
      }),
    ),
    marketplaces: Type.Array(
      Type.Object({
        marketplaceId: Type.String(),
        name: Type.String(),
        captured: AmountsSchema,
        verified: AmountsSchema,
        leaking: AmountsSchema,
        difference: AmountsSchema,
      }),
    ),
    alerts: Type.Integer({ description: 'Alerts that began in the week' }),
    decisions: Type.Array(DecisionSchema, { description: 'Taken in this review' }),
    carriedOver: Type.Array(DecisionSchema, { description: 'Taken earlier and still open' }),
    signature: Nullable(SignatureSchema),
  },
  { $id: 'Review', description: 'How the week went, what repeats, who decides what' },
);
export type Review = Static<typeof ReviewSchema>;

export const ReviewRowSchema = Type.Object({
  week: Type.String(),
  from: Instant('Monday 00:00'),
  to: Instant('Sunday, its last millisecond'),
  dueAt: Instant('When it is to be held'),
  state: Type.Enum(['running', 'due', 'overdue', 'signed']),
  signature: Nullable(SignatureSchema),
  openDecisions: Type.Integer(),
});

export const ReviewsSchema = Type.Object(
  {
    timezone: Type.String(),
    day: Type.String({ examples: ['monday'] }),
    reviews: Type.Array(ReviewRowSchema, { description: 'The newest 26 weeks, newest first' }),
  },
  { $id: 'Reviews' },
);
export type Reviews = Static<typeof ReviewsSchema>;

export const SignBodySchema = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 4_000 })) },
  { additionalProperties: false },
);
export type SignBody = Static<typeof SignBodySchema>;

export const DecisionBodySchema = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 2_000 }),
    owner: OwnerSchema,
    reason: Type.Optional(Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100 })),
    marketplaceId: Type.Optional(Type.String({ maxLength: 63 })),
    dueOn: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  },
  { additionalProperties: false },
);
export type DecisionBody = Static<typeof DecisionBodySchema>;

export const CloseDecisionBodySchema = Type.Object(
  {
    state: Type.Enum(['done', 'dropped', 'open'], { description: 'open: it was closed by mistake' }),
    note: Type.Optional(Type.String({ maxLength: 2_000 })),
  },
  { additionalProperties: false },
);
export type CloseDecisionBody = Static<typeof CloseDecisionBodySchema>;

const NO_WEEK = { 404: 'There is no such week' };

export const reviewRoutes: readonly ApiRoute[] = [
  {
    id: 'listReviews',
    method: 'GET',
    path: '/reviews',
    summary: 'The weekly reviews: running, due, overdue, signed',
    role: 'viewer',
    answer: ReviewsSchema,
  },
  {
    id: 'readReview',
    method: 'GET',
    path: '/reviews/{week}',
    summary: 'One week: trends, new and recurring exceptions, per owner, decisions, sign-off',
    role: 'viewer',
    answer: ReviewSchema,
    refusals: NO_WEEK,
  },
  {
    id: 'signReview',
    method: 'POST',
    path: '/reviews/{week}/sign',
    summary: 'Signs a week that is over; its figures are kept as they are now',
    role: 'operator',
    body: SignBodySchema,
    answer: ReviewSchema,
    refusals: { ...NO_WEEK, 409: 'It is signed already, or the week is not over' },
  },
  {
    id: 'takeDecision',
    method: 'POST',
    path: '/reviews/{week}/decisions',
    summary: 'Writes a decision down; it is carried over until it is done or dropped',
    role: 'operator',
    body: DecisionBodySchema,
    answer: DecisionSchema,
    status: 201,
    refusals: { ...NO_WEEK, 409: 'The review is signed' },
  },
  {
    id: 'closeDecision',
    method: 'POST',
    path: '/decisions/{id}/state',
    summary: 'Says that a decision is done, dropped, or open again',
    role: 'operator',
    body: CloseDecisionBodySchema,
    answer: DecisionSchema,
    refusals: { 404: 'There is no such decision' },
  },
  {
    id: 'downloadReviewHtml',
    method: 'GET',
    path: '/reviews/{week}/pack.html',
    summary: 'The review as one HTML file',
    role: 'viewer',
    answer: Type.String(),
    answerType: 'text/html',
    refusals: NO_WEEK,
  },
  {
    id: 'downloadReviewPdf',
    method: 'GET',
    path: '/reviews/{week}/pack.pdf',
    summary: 'The review as PDF',
    role: 'viewer',
    answer: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
    answerType: 'application/pdf',
    refusals: NO_WEEK,
  },
];
