import { BUCKETS } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import {
  DateOrInstant,
  Instant,
  MarketplaceField,
  Nullable,
  OwnerSchema,
  SeveritySchema,
} from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const amountFields = {
  orders: Type.Integer(),
  money: Type.Record(Type.String(), Type.String(), {
    description: 'Per currency a decimal string',
    examples: [{ EUR: '5400.10' }],
  }),
  unknownMoney: Type.Integer({
    description: 'Orders whose amount is not known; they are in no sum of money',
  }),
};

export const AmountsSchema = Type.Object(amountFields, {
  $id: 'Amounts',
  description: 'A number of orders and their money',
});

const BucketsSchema = Type.Object(
  {
    verified: AmountsSchema,
    in_flight: AmountsSchema,
    uncaptured_contact: AmountsSchema,
    withheld: AmountsSchema,
    failed: AmountsSchema,
    erased: AmountsSchema,
    not_a_sale: AmountsSchema,
  },
  { $id: 'Buckets' },
);

const sheet = {
  source: AmountsSchema,
  captured: AmountsSchema,
  buckets: BucketsSchema,
  difference: AmountsSchema,
};

export const LeakSchema = Type.Object(
  {
    bucket: Type.Enum([...BUCKETS]),
    reason: Type.String(),
    meaning: Type.String(),
    owner: OwnerSchema,
    severity: SeveritySchema,
    whatToDo: Type.String(),
    ...amountFields,
  },
  { $id: 'Leak', description: 'Orders that are not verified, for one reason' },
);

export const MarketplaceBalanceSchema = Type.Object(
  {
    marketplaceId: Type.String(),
    name: Type.String(),
    configured: Type.Boolean({ description: 'It is in marketplaces.yaml now' }),
    settled: Type.Boolean(),
    asOf: Instant('The settled cut; without one, when this was read'),
    since: Nullable(Instant('Orders created before are not part of the balance')),
    auditedAt: Nullable(Instant('When Mirakl gave its count')),
    ...sheet,
    leaking: Type.Array(LeakSchema),
  },
  { $id: 'MarketplaceBalance' },
);

export const BalanceSchema = Type.Object(
  {
    asOf: Instant('The instant the balance holds for: the oldest settled cut of the marketplaces in it'),
    settled: Type.Boolean({
      description:
        'Every marketplace in it has a settled cut. While false, `source` is what Mirakl has shown so far for those without one, not its own count',
    }),
    ...sheet,
    leaking: Type.Array(LeakSchema, { description: 'Orders that are not verified, by reason' }),
    marketplaces: Type.Array(MarketplaceBalanceSchema),
    definitions: Type.Record(Type.String(), Type.String(), { description: 'What each number counts' }),
  },
  { $id: 'Balance', description: 'Every order and every amount that Mirakl counts, and where it is' },
);
export type Balance = Static<typeof BalanceSchema>;
export type MarketplaceBalance = Static<typeof MarketplaceBalanceSchema>;
export type Leak = Static<typeof LeakSchema>;

export const BalanceQuerySchema = Type.Object(
  {
    marketplace: Type.Optional(MarketplaceField),
    from: Type.Optional(DateOrInstant('Orders created from here; a date begins at 00:00 UTC')),
    to: Type.Optional(
      DateOrInstant('Orders created up to here, included; a date ends with its last millisecond in UTC'),
    ),
  },
  { additionalProperties: false },
);
export type BalanceQuery = Static<typeof BalanceQuerySchema>;

export const balanceRoutes: readonly ApiRoute[] = [
  {
    id: 'readBalance',
    method: 'GET',
    path: '/balance',
    summary: 'Every order that Mirakl counts, and where it is',
    role: 'viewer',
    query: BalanceQuerySchema,
    answer: BalanceSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
];
