import { type Static, Type } from 'typebox';
import { AmountsSchema } from '../balance/balance.api.ts';
import type { ApiRoute } from '../http/route.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const MarketplaceSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  channel: Nullable(Type.String()),
  configured: Type.Boolean(),
  api: Nullable(Type.String()),
  pollIntervalMs: Nullable(Type.Integer()),
  deliver: Nullable(Type.String()),
  health: Type.Union(
    [Type.Literal('fresh'), Type.Literal('late'), Type.Literal('failing'), Type.Literal('silent')],
    {
      description:
        'fresh: the last complete poll is recent; late: more than three intervals old; failing: polls fail; silent: never polled',
    },
  ),
  lastPoll: Nullable(
    Type.Object({
      startedAt: Type.String(),
      completedAt: Type.String(),
      watermark: Type.String({ description: 'Every change before it has been published' }),
      ordersSeen: Type.Integer(),
      ordersChanged: Type.Integer(),
    }),
  ),
  lastAudit: Nullable(
    Type.Object({
      at: Type.String(),
      since: Type.String(),
      until: Type.String(),
      orders: Type.Integer(),
      settled: Type.Boolean(),
    }),
  ),
  lastFailure: Nullable(
    Type.Object({
      ongoing: Type.Boolean({ description: 'No complete poll has ended it yet' }),
      at: Type.String(),
      consecutive: Type.Integer(),
      reason: Type.String(),
      meaning: Type.String(),
      whatToDo: Type.String(),
      detail: Nullable(Type.String()),
    }),
  ),
  orders: AmountsSchema,
  difference: AmountsSchema,
});
export type Marketplace = Static<typeof MarketplaceSchema>;

export const MarketplacesSchema = Type.Object(
  { asOf: Type.String(), marketplaces: Type.Array(MarketplaceSchema) },
  { $id: 'Marketplaces' },
);
export type Marketplaces = Static<typeof MarketplacesSchema>;

export const marketplaceRoutes: readonly ApiRoute[] = [
  {
    id: 'listMarketplaces',
    method: 'GET',
    path: '/marketplaces',
    summary: 'How each source is: fresh or not, counted or not, and what fails',
    role: 'viewer',
    answer: MarketplacesSchema,
  },
];
