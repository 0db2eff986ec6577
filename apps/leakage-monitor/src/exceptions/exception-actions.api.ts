import { type Static, type TProperties, Type } from 'typebox';
import { amountFields } from '../balance/balance.api.ts';
import { DateOrInstant, Instant, Nullable, WhyField } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';
import {
  AgingQuerySchema,
  AgingSchema,
  type ExceptionFilter,
  exceptionFilter,
  ExceptionSchema,
  ExceptionsQuerySchema,
  ExceptionsSchema,
  ExceptionStorySchema,
} from './exceptions.api.ts';

const strict = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const assign = {
  assignee: Nullable(
    Type.String({ minLength: 1, maxLength: 300, description: 'Whose it is now; null gives it back' }),
  ),
};
const accept = { why: WhyField };
const resolve = { why: WhyField };
const reopen = { why: Type.Optional(WhyField) };
const snooze = {
  until: DateOrInstant('Comes back then; at most a year away'),
  why: Type.Optional(WhyField),
};
const replay = {
  why: WhyField,
  force: Type.Optional(Type.Boolean({ description: 'Again, although it was replayed already' })),
};
const preview = Type.Optional(
  Type.Boolean({ description: 'Only say what would happen; nothing is changed and nothing is sent' }),
);

export const AssignSchema = strict(assign);
export const AcceptSchema = strict(accept);
export const ResolveSchema = strict(resolve);
export const ReopenSchema = strict(reopen);
export const SnoozeSchema = strict(snooze);
export const ReplaySchema = strict({ ...replay, preview });

export const RepairPreviewSchema = Type.Object(
  {
    preview: Type.Boolean(),
    what: Nullable(
      Type.Enum(['replay', 'refetch', 'verify', 'sweep', 'check'], {
        description: 'What is sent; null when nothing can be run for this cause',
      }),
    ),
    stage: Nullable(Type.String({ description: 'The failed step, which alone runs again' })),
    sentence: Type.String({ description: 'What it will do, in words' }),
    alreadyReplayedAt: Nullable(Instant('A second time needs `force`')),
    commandId: Nullable(Type.String({ description: 'Null in a preview' })),
  },
  { $id: 'RepairPreview' },
);
export type RepairPreview = Static<typeof RepairPreviewSchema>;

const bulkFields = {
  filter: Type.Optional(strict(exceptionFilter)),
  ids: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1_000 })),
  preview,
  expected: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'The number that the preview gave; refused (409) when it is another one by now',
    }),
  ),
};

export const BulkAssignSchema = strict({ ...bulkFields, ...assign });
export const BulkAcceptSchema = strict({ ...bulkFields, ...accept });
export const BulkSnoozeSchema = strict({ ...bulkFields, ...snooze });
export const BulkReplaySchema = strict({ ...bulkFields, ...replay });
export interface BulkSelection {
  readonly filter?: ExceptionFilter;
  readonly ids?: readonly string[];
  readonly preview?: boolean;
  readonly expected?: number;
}

export const BulkResultSchema = Type.Object(
  {
    preview: Type.Boolean(),
    selected: Type.Integer({ description: 'Exceptions that the filter or the list names' }),
    changed: Type.Integer({ description: 'Those that are, or in a preview would be, changed' }),
    commands: Type.Integer({ description: 'Commands that are, or would be, sent' }),
    left: Type.Array(Type.Object({ why: Type.String(), exceptions: Type.Integer() }), {
      description: 'Those that stay as they are, and why',
    }),
    groups: Type.Array(
      Type.Object({
        reason: Type.String(),
        marketplaceId: Nullable(Type.String()),
        exceptions: Type.Integer(),
        ...amountFields,
      }),
      { description: 'What is changed, by reason and marketplace' },
    ),
  },
  { $id: 'BulkResult' },
);
export type BulkResult = Static<typeof BulkResultSchema>;

const UNKNOWN = { 404: 'There is no such exception' };
const one = (verb: string, summary: string, body: ApiRoute['body']): ApiRoute => ({
  id: `${verb}Exception`,
  method: 'POST',
  path: `/exceptions/{id}/${verb}`,
  summary,
  role: 'operator',
  ...(body === undefined ? {} : { body }),
  answer: ExceptionSchema,
  refusals: { ...UNKNOWN, 409: 'It is in a state in which this cannot be done' },
});
const many = (verb: string, summary: string, body: ApiRoute['body']): ApiRoute => ({
  id: `bulk${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Exceptions`,
  method: 'POST',
  path: `/exceptions/bulk/${verb}`,
  summary,
  role: 'operator',
  ...(body === undefined ? {} : { body }),
  answer: BulkResultSchema,
  refusals: { 409: 'Other exceptions are selected than the preview showed' },
});

export const exceptionRoutes: readonly ApiRoute[] = [
  {
    id: 'listExceptions',
    method: 'GET',
    path: '/exceptions',
    summary: 'The gaps that people own: groups, and one page of single ones',
    role: 'viewer',
    query: ExceptionsQuerySchema,
    answer: ExceptionsSchema,
  },
  {
    id: 'readAging',
    method: 'GET',
    path: '/exceptions/aging',
    summary: 'The aging grid: number and money by owner, reason and age',
    role: 'viewer',
    query: AgingQuerySchema,
    answer: AgingSchema,
  },
  {
    id: 'readException',
    method: 'GET',
    path: '/exceptions/{id}',
    summary: 'One exception and its history',
    role: 'viewer',
    answer: ExceptionStorySchema,
    refusals: UNKNOWN,
  },
  one('assign', 'Give it to somebody, or back', AssignSchema),
  one('resolve', 'Say that it has been dealt with', ResolveSchema),
  one('accept', 'Leave the gap as it is, with a reason', AcceptSchema),
  one('snooze', 'Put it aside until a date', SnoozeSchema),
  one('reopen', 'Take back that it was resolved, accepted or put aside', ReopenSchema),
  {
    ...one('replay', 'Run the failed step again, once', ReplaySchema),
    answer: RepairPreviewSchema,
    refusals: { ...UNKNOWN, 409: 'It was replayed already, or nothing can be run for its cause' },
  },
  many('assign', 'Give many to somebody, or back', BulkAssignSchema),
  many('accept', 'Accept many gaps with one reason', BulkAcceptSchema),
  many('snooze', 'Put many aside until a date', BulkSnoozeSchema),
  many('replay', 'Run the failed step of many again, each once', BulkReplaySchema),
];
