import { MoneySchema } from '@watertight/contracts';
import { type Static, Type } from 'typebox';
import { Instant, MarketplaceField, Nullable } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const CoverageFieldSchema = Type.Object({
  field: Type.String({ examples: ['additional:gift-wrap'] }),
  mapped: Type.Boolean(),
  orders: Type.Integer(),
  money: Nullable(MoneySchema),
  example: Nullable(Type.String({ description: 'Masked' })),
  firstSeenAt: Instant('First order that carried it'),
  lastSeenAt: Instant('Last order that carried it'),
  values: Type.Array(
    Type.Object({
      value: Type.String(),
      mapped: Type.Boolean(),
      orders: Type.Integer(),
      money: Nullable(MoneySchema),
      lastSeenAt: Instant('Last order that carried it'),
    }),
    { description: 'Values of a closed list' },
  ),
});
export type CoverageField = Static<typeof CoverageFieldSchema>;

export const MarketplaceCoverageSchema = Type.Object({
  marketplaceId: Type.String(),
  name: Type.String(),
  asOf: Nullable(Instant('When it was counted; null while nobody has')),
  coverage: Nullable(
    Type.Number({
      description: '0 to 1: mapped share of the fields seen, weighed by the money of their orders',
    }),
  ),
  fields: Type.Array(CoverageFieldSchema, { description: 'Unmapped first, by the money of their orders' }),
});
export type MarketplaceCoverage = Static<typeof MarketplaceCoverageSchema>;

export const CoverageSchema = Type.Object(
  { asOf: Instant('When this was read'), marketplaces: Type.Array(MarketplaceCoverageSchema) },
  {
    $id: 'MappingCoverage',
    description: 'Which source fields were seen, and which an attribute mapping names',
  },
);
export type Coverage = Static<typeof CoverageSchema>;

export const MappingEntrySchema = Type.Object(
  {
    from: Type.String({ maxLength: 500, examples: ['additional:gift-wrap'] }),
    to: Type.String({ minLength: 1, maxLength: 100, examples: ['Gift Wrap'] }),
    on: Type.Enum(['event', 'line', 'profile']),
    as: Type.Enum(['text', 'number', 'boolean', 'date', 'list']),
  },
  { additionalProperties: false },
);

const AttributesSchema = Type.Record(Type.String(), Type.Unknown());
const AppliedSchema = Type.Object({
  event: AttributesSchema,
  lines: Type.Array(Type.Object({ lineId: Type.String(), attributes: AttributesSchema })),
  profile: AttributesSchema,
});

export const PreviewSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    marketplaceId: Type.String(),
    mappings: Type.Array(MappingEntrySchema, { description: 'The mappings that `after` is made with' }),
    orders: Type.Array(
      Type.Object({
        orderKey: Type.String(),
        createdAt: Instant('When the buyer ordered'),
        changed: Type.Boolean(),
        before: AppliedSchema,
        after: AppliedSchema,
      }),
      { description: 'The newest 50 orders, without anything of the buyer' },
    ),
    changed: Type.Integer({ description: 'Orders on which before and after differ' }),
    unmapped: Type.Array(Type.Object({ field: Type.String(), orders: Type.Integer() }), {
      description: 'Source fields on these orders that `after` leaves out',
    }),
    yaml: Type.String({ description: 'The `attributes` of the marketplace, to commit in marketplaces.yaml' }),
  },
  { $id: 'MappingPreview', description: 'What a changed mapping makes of recent orders' },
);
export type Preview = Static<typeof PreviewSchema>;

export const CoverageQuerySchema = Type.Object(
  { marketplace: Type.Optional(MarketplaceField) },
  { additionalProperties: false },
);

export const PreviewQuerySchema = Type.Object(
  { marketplace: MarketplaceField },
  { additionalProperties: false },
);

export const PreviewBodySchema = Type.Object(
  {
    marketplace: MarketplaceField,
    attributes: Type.Array(MappingEntrySchema, {
      maxItems: 200,
      description:
        'All mappings of the marketplace as they would be, the shared ones that it keeps among them',
    }),
  },
  { additionalProperties: false },
);
export type PreviewBody = Static<typeof PreviewBodySchema>;

export const mappingRoutes: readonly ApiRoute[] = [
  {
    id: 'readMappingCoverage',
    method: 'GET',
    path: '/mapping/coverage',
    summary: 'Which source fields were seen, and which are mapped, with their money',
    role: 'viewer',
    query: CoverageQuerySchema,
    answer: CoverageSchema,
  },
  {
    id: 'readMapping',
    method: 'GET',
    path: '/mapping/preview',
    summary: 'The mapping of a marketplace as loaded, on its recent orders',
    role: 'viewer',
    query: PreviewQuerySchema,
    answer: PreviewSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
  {
    id: 'previewMapping',
    method: 'POST',
    path: '/mapping/preview',
    summary: 'A changed mapping on recent orders, before and after, and the YAML to commit; changes nothing',
    role: 'viewer',
    body: PreviewBodySchema,
    answer: PreviewSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
];
