import { type Static, Type } from 'typebox';
import {
  CursorField,
  Instant,
  LimitField,
  MarketplaceField,
  NextCursor,
  Nullable,
} from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const CLAIMS_MAX = 5_000;
export const CSV_CHARACTERS_MAX = 900_000;

export const ClaimSchema = Type.Object(
  {
    order: Type.String({
      minLength: 1,
      maxLength: 400,
      description: 'Order key, order number, or the number of the basket',
    }),
    email: Type.String({ minLength: 1, maxLength: 320 }),
    source: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'Where this address came from' }),
    ),
  },
  { additionalProperties: false },
);

export const ClaimsRequestSchema = Type.Object(
  {
    claims: Type.Optional(Type.Array(ClaimSchema, { minItems: 1, maxItems: CLAIMS_MAX })),
    csv: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: CSV_CHARACTERS_MAX,
        description:
          'Instead of `claims`: a table with a heading. Columns `order` (or `order_number`, `commercial_id`, `order_key`), `email`, and, if it differs from line to line, `source`; separated by comma, semicolon or tab',
      }),
    ),
    marketplace: Type.Optional(MarketplaceField),
    source: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Where the addresses came from and why they may be used; kept with each claim',
    }),
    preview: Type.Optional(
      Type.Boolean({ description: 'Only say what matches; nothing is kept and nothing is sent' }),
    ),
  },
  { additionalProperties: false },
);
export type ClaimsRequest = Static<typeof ClaimsRequestSchema>;

export const CLAIM_RESULTS = [
  'matched',
  'no_such_order',
  'several_marketplaces',
  'bad_address',
  'repeated',
  'already_verified',
  'erased',
  'not_a_sale',
] as const;

const ClaimLineSchema = Type.Object(
  {
    line: Type.Integer({ description: 'Its place in the request, from 1; the heading does not count' }),
    order: Type.String(),
    masked: Type.String({ description: 'The address, masked' }),
    result: Type.Enum([...CLAIM_RESULTS]),
    orderKeys: Type.Array(Type.String(), { description: 'A basket may be several orders' }),
    sentence: Type.String(),
  },
  { $id: 'ClaimLine' },
);
export type ClaimLine = Static<typeof ClaimLineSchema>;

export const ClaimsResultSchema = Type.Object(
  {
    preview: Type.Boolean(),
    matched: Type.Integer({ description: 'Orders that are, or would be, claimed' }),
    unmatched: Type.Integer({ description: 'Lines that claim nothing' }),
    money: Type.Record(Type.String(), Type.String(), { description: 'Of the claimed orders' }),
    lines: Type.Array(ClaimLineSchema),
  },
  { $id: 'ClaimsResult' },
);
export type ClaimsResult = Static<typeof ClaimsResultSchema>;

export const ClaimsQuerySchema = Type.Object(
  {
    state: Type.Optional(Type.Enum(['sent', 'recovered', 'not_sent'])),
    marketplace: Type.Optional(MarketplaceField),
    cursor: Type.Optional(CursorField),
    limit: Type.Optional(LimitField),
  },
  { additionalProperties: false },
);
export type ClaimsQuery = Static<typeof ClaimsQuerySchema>;

export const ClaimsListSchema = Type.Object(
  {
    claims: Type.Array(
      Type.Object({
        claimId: Type.String(),
        orderKey: Type.String(),
        masked: Type.String(),
        source: Type.String(),
        requestedBy: Type.String(),
        requestedAt: Instant('When it was claimed'),
        state: Type.Enum(['sent', 'recovered', 'not_sent'], {
          description: '`recovered` once the order is verified; `not_sent` when it has to be claimed again',
        }),
        bucket: Nullable(Type.String({ description: 'Where the order is now' })),
      }),
    ),
    nextCursor: NextCursor,
  },
  { $id: 'ContactClaims' },
);
export type ClaimsList = Static<typeof ClaimsListSchema>;

export const contactClaimRoutes: readonly ApiRoute[] = [
  {
    id: 'claimContacts',
    method: 'POST',
    path: '/contact-claims',
    summary: 'Supply addresses for orders that have none that can be used',
    role: 'operator',
    body: ClaimsRequestSchema,
    answer: ClaimsResultSchema,
    status: 202,
  },
  {
    id: 'listContactClaims',
    method: 'GET',
    path: '/contact-claims',
    summary: 'Contact claims and what became of them, the newest first',
    role: 'viewer',
    query: ClaimsQuerySchema,
    answer: ClaimsListSchema,
  },
];
