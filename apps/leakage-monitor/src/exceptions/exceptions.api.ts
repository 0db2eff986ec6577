import { BUCKETS, MoneySchema } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import { amountFields } from '../balance/balance.api.ts';
import {
  CursorField,
  Instant,
  LimitField,
  MarketplaceField,
  NextCursor,
  Nullable,
  OrderKeyField,
  OwnerSchema,
  ReasonField,
  SeveritySchema,
} from '../http/api-fields.ts';

export const EXCEPTION_STATES = ['open', 'assigned', 'snoozed', 'accepted', 'resolved'] as const;

export const EXCEPTION_ACTIONS = [
  'assign',
  'accept',
  'resolve',
  'snooze',
  'reopen',
  'replay',
  'refetch',
  'verify',
  'sweep',
  'check',
  'claim',
] as const;

/** What was asked for last about an exception's cause. */
const LastReplaySchema = Type.Object({
  at: Instant('When it was asked for'),
  by: Type.String(),
  what: Type.Enum(['replay', 'refetch', 'verify', 'sweep', 'check']),
});

const exceptionFields = {
  id: Type.String({ examples: ['3f6c2a9d0b1e4c57'] }),
  reason: Type.String(),
  meaning: Type.String({ description: 'The reason in words' }),
  marketplaceId: Nullable(Type.String({ description: 'Null for one about the Klaviyo account' })),
  orderKey: Nullable(Type.String({ description: 'Null for one about a marketplace or the account' })),
  about: Type.String({ description: 'What it is about: the order key, or the thing at the marketplace' }),
  bucket: Nullable(Type.Enum([...BUCKETS])),
  state: Type.Enum([...EXCEPTION_STATES]),
  owner: OwnerSchema,
  ownerContact: Nullable(Type.String()),
  severity: SeveritySchema,
  whatToDo: Type.String(),
  resolvesWhen: Type.String(),
  runbook: Type.String({ description: 'Its page below docs/' }),
  detail: Nullable(Type.String({ description: 'What was found in this case; never personal data' })),
  amount: Nullable(MoneySchema),
  since: Instant('Since when the cause holds'),
  openedAt: Instant('When it was last opened'),
  dueAt: Nullable(Instant('When it should have been dealt with')),
  overdue: Type.Boolean(),
  ageSeconds: Type.Integer({ description: 'Time since `since`; of a resolved one until it was resolved' }),
  assignee: Nullable(Type.String()),
  acceptedWhy: Nullable(Type.String()),
  snoozedUntil: Nullable(Instant('Comes back then')),
  resolvedAt: Nullable(Instant('When it was resolved')),
  resolvedBy: Nullable(Type.String({ description: '`itself` when the cause went' })),
  occurrences: Type.Integer({ description: 'How often it was opened: 1 the first time' }),
  reopened: Type.Boolean({ description: 'It had been resolved, and the cause came back' }),
  recurring: Type.Boolean({
    description: 'Its reason came up at its marketplace in at least three of the last four weeks',
  }),
  lastReplay: Nullable(LastReplaySchema),
  actions: Type.Array(Type.Enum([...EXCEPTION_ACTIONS]), { description: 'What can be done about it now' }),
};

export const ExceptionSchema = Type.Object(exceptionFields, {
  $id: 'Exception',
  description: 'A gap that a person owns',
});
export type ExceptionItem = Static<typeof ExceptionSchema>;

export const ExceptionGroupSchema = Type.Object(
  {
    reason: Type.String(),
    marketplaceId: Nullable(Type.String()),
    bucket: Nullable(Type.Enum([...BUCKETS])),
    meaning: Type.String(),
    owner: OwnerSchema,
    ownerContact: Nullable(Type.String()),
    severity: SeveritySchema,
    dueHours: Nullable(Type.Integer()),
    dueAt: Nullable(Instant('When the first of them is due')),
    overdue: Type.Boolean({ description: 'At least one of them is' }),
    oldestSince: Nullable(Instant('Since when the oldest cause holds')),
    whatToDo: Type.String(),
    resolvesWhen: Type.String(),
    runbook: Type.String(),
    detail: Nullable(Type.String({ description: 'Of a group of one, what was found' })),
    exceptions: Type.Integer({ description: 'How many there are, with and without an order' }),
    overdueCount: Type.Integer(),
    unassigned: Type.Integer(),
    reopened: Type.Integer(),
    recurring: Type.Boolean(),
    ...amountFields,
  },
  { $id: 'ExceptionGroup', description: 'The exceptions of one reason at one marketplace' },
);
export type ExceptionGroup = Static<typeof ExceptionGroupSchema>;

export const ExceptionsSchema = Type.Object(
  {
    asOf: Type.String(),
    groups: Type.Array(ExceptionGroupSchema, {
      description: 'All that the filters let through, by urgency; empty on every page but the first',
    }),
    exceptions: Type.Array(ExceptionSchema, { description: 'One page, the first due first' }),
    nextCursor: NextCursor,
  },
  { $id: 'Exceptions', description: 'Every gap: how much, since when, whose job' },
);
export type Exceptions = Static<typeof ExceptionsSchema>;

/** Which exceptions are meant; shared by the list, the grid and everything that is done in bulk. */
export const exceptionFilter = {
  state: Type.Optional(
    Type.Enum(['active', ...EXCEPTION_STATES, 'all'], {
      description: '`active` (open and assigned) when left out',
    }),
  ),
  reason: Type.Optional(ReasonField),
  marketplace: Type.Optional(MarketplaceField),
  owner: Type.Optional(OwnerSchema),
  assignee: Type.Optional(
    Type.String({ maxLength: 300, description: 'A name, `me`, or `nobody` for those without one' }),
  ),
  due: Type.Optional(Type.Enum(['overdue', 'today', 'week'], { description: 'Due by then' })),
  age: Type.Optional(
    Type.Enum(['under_1d', '1d_3d', '3d_7d', '7d_30d', 'over_30d'], { description: 'A column of the grid' }),
  ),
  reopened: Type.Optional(Type.Enum(['true'], { description: 'Only those that came back' })),
  order: Type.Optional(OrderKeyField),
};

export const ExceptionsQuerySchema = Type.Object(
  { ...exceptionFilter, cursor: Type.Optional(CursorField), limit: Type.Optional(LimitField) },
  { additionalProperties: false },
);
export type ExceptionsQuery = Static<typeof ExceptionsQuerySchema>;

export const AgingQuerySchema = Type.Object(exceptionFilter, { additionalProperties: false });
export type ExceptionFilter = Static<typeof AgingQuerySchema>;

export const AGE_COLUMNS = ['under_1d', '1d_3d', '3d_7d', '7d_30d', 'over_30d'] as const;

export const AgingSchema = Type.Object(
  {
    asOf: Type.String(),
    rows: Type.Array(
      Type.Object({
        owner: OwnerSchema,
        reason: Type.String(),
        cells: Type.Array(
          Type.Object({ age: Type.Enum([...AGE_COLUMNS]), exceptions: Type.Integer(), ...amountFields }),
          { description: 'One per column, youngest first' },
        ),
      }),
    ),
  },
  { $id: 'Aging', description: 'How old the gaps are: number and money by owner, reason and age' },
);
export type Aging = Static<typeof AgingSchema>;

export const ExceptionStorySchema = Type.Object(
  {
    exception: ExceptionSchema,
    history: Type.Array(
      Type.Object({
        at: Instant('When'),
        by: Type.String({ description: '`itself` for what happened without a person' }),
        what: Type.String({ examples: ['raised', 'assigned', 'accepted', 'replayed', 'resolved'] }),
        why: Nullable(Type.String()),
      }),
      { description: 'Newest first' },
    ),
  },
  { $id: 'ExceptionStory' },
);
export type ExceptionStory = Static<typeof ExceptionStorySchema>;
