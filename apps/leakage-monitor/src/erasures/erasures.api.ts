import { type Static, Type } from 'typebox';
import { CursorField, Instant, LimitField, NextCursor, OrderKeyField, WhyField } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const EraseSchema = Type.Object(
  {
    email: Type.Optional(Type.String({ minLength: 3, maxLength: 320, description: "The person's address" })),
    orderKey: Type.Optional(OrderKeyField),
    why: WhyField,
    preview: Type.Optional(Type.Boolean({ description: 'Only say how many orders it is about' })),
  },
  { additionalProperties: false, description: 'Either the address or one order of the person' },
);
export type EraseRequest = Static<typeof EraseSchema>;

export const ErasureSchema = Type.Object(
  {
    preview: Type.Boolean(),
    buyerId: Type.String({ description: 'Keyed hash of the address; all that is kept' }),
    orders: Type.Integer({ description: 'Orders of this person that the ledger knows' }),
    commandId: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'Erasure' },
);
export type Erasure = Static<typeof ErasureSchema>;

export const ErasuresQuerySchema = Type.Object(
  { cursor: Type.Optional(CursorField), limit: Type.Optional(LimitField) },
  { additionalProperties: false },
);

export const ErasuresSchema = Type.Object(
  {
    erasures: Type.Array(
      Type.Object({
        buyerId: Type.String(),
        requestedBy: Type.String(),
        requestedAt: Instant('When it was asked for'),
        why: Type.String(),
        complete: Type.Boolean({ description: 'Every stage has said that it is done' }),
        receipts: Type.Array(
          Type.Object({
            stage: Type.String(),
            done: Type.Boolean(),
            at: Instant('When the stage said so'),
            detail: Type.String({ description: 'What was deleted' }),
          }),
        ),
        waitingFor: Type.Array(Type.String(), {
          description: 'Stages that have not said that they are done',
        }),
      }),
    ),
    nextCursor: NextCursor,
  },
  { $id: 'Erasures' },
);
export type Erasures = Static<typeof ErasuresSchema>;

export const erasureRoutes: readonly ApiRoute[] = [
  {
    id: 'erase',
    method: 'POST',
    path: '/erasures',
    summary: 'Erase a person everywhere, for good',
    role: 'admin',
    body: EraseSchema,
    answer: ErasureSchema,
    status: 202,
    refusals: { 404: 'The order is not known, or nobody knows whose it is' },
  },
  {
    id: 'listErasures',
    method: 'GET',
    path: '/erasures',
    summary: 'Erasures and the receipts of every stage, the newest first',
    role: 'viewer',
    query: ErasuresQuerySchema,
    answer: ErasuresSchema,
  },
];
