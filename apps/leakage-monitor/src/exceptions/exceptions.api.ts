import { BUCKETS } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import { AmountsSchema, OwnerSchema } from '../balance/balance.api.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const ExceptionGroupSchema = Type.Object({
  reason: Type.String(),
  marketplaceId: Nullable(Type.String()),
  bucket: Nullable(Type.Enum([...BUCKETS])),
  meaning: Type.String(),
  owner: OwnerSchema,
  ownerContact: Nullable(Type.String()),
  severity: Type.String(),
  dueHours: Nullable(Type.Integer()),
  dueAt: Nullable(Type.String({ description: 'When the oldest of them should have been dealt with' })),
  overdue: Type.Boolean(),
  oldestSince: Nullable(Type.String()),
  whatToDo: Type.String(),
  resolvesWhen: Type.String(),
  detail: Nullable(Type.String()),
  ...AmountsSchema.properties,
});
export type ExceptionGroup = Static<typeof ExceptionGroupSchema>;

export const ExceptionsSchema = Type.Object(
  { asOf: Type.String(), groups: Type.Array(ExceptionGroupSchema) },
  { $id: 'Exceptions', description: 'Every gap, by reason and marketplace: how much, since when, whose job' },
);
export type Exceptions = Static<typeof ExceptionsSchema>;

export const ExceptionsQuerySchema = Type.Object(
  {
    marketplace: Type.Optional(Type.String({ maxLength: 63 })),
    owner: Type.Optional(OwnerSchema),
  },
  { additionalProperties: false },
);
export type ExceptionsQuery = Static<typeof ExceptionsQuerySchema>;
