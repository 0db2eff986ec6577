import { BUCKETS } from '@watertight/contracts';
import { type Static, Type } from 'typebox';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Instant = (description: string) => Type.String({ description, examples: ['2026-03-01T14:05:00.000Z'] });

export const AmountsSchema = Type.Object({
  orders: Type.Integer(),
  money: Type.Record(Type.String(), Type.String(), {
    description: 'Per currency a decimal string',
    examples: [{ EUR: '5400.10' }],
  }),
  unknownMoney: Type.Integer({
    description: 'Orders whose amount is not known; they are in no sum of money',
  }),
});

const BucketsSchema = Type.Object({
  verified: AmountsSchema,
  in_flight: AmountsSchema,
  uncaptured_contact: AmountsSchema,
  withheld: AmountsSchema,
  failed: AmountsSchema,
  erased: AmountsSchema,
  not_a_sale: AmountsSchema,
});

const sheet = {
  source: AmountsSchema,
  captured: AmountsSchema,
  buckets: BucketsSchema,
  difference: AmountsSchema,
};

export const OwnerSchema = Type.Union([
  Type.Literal('marketing'),
  Type.Literal('operations'),
  Type.Literal('platform'),
]);

export const LeakSchema = Type.Object({
  bucket: Type.Enum([...BUCKETS]),
  reason: Type.String(),
  meaning: Type.String(),
  owner: OwnerSchema,
  severity: Type.String(),
  whatToDo: Type.String(),
  ...AmountsSchema.properties,
});

export const MarketplaceBalanceSchema = Type.Object({
  marketplaceId: Type.String(),
  name: Type.String(),
  configured: Type.Boolean({ description: 'It is in marketplaces.yaml now' }),
  settled: Type.Boolean(),
  asOf: Instant('The settled cut; without one, when this was read'),
  since: Nullable(Instant('Orders created before are not part of the balance')),
  auditedAt: Nullable(Instant('When Mirakl gave its count')),
  ...sheet,
  leaking: Type.Array(LeakSchema),
});

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

const Instantish = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$',
      description,
      examples: ['2026-03-01', '2026-03-01T00:00:00Z'],
    }),
  );

export const BalanceQuerySchema = Type.Object(
  {
    marketplace: Type.Optional(Type.String({ maxLength: 63, description: 'Only this marketplace' })),
    from: Instantish('Orders created from here; a date begins at 00:00 UTC'),
    to: Instantish('Orders created up to here, included; a date ends with its last millisecond in UTC'),
  },
  { additionalProperties: false },
);
export type BalanceQuery = Static<typeof BalanceQuerySchema>;
