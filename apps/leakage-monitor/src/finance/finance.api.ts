import { BUCKETS, MoneySchema } from '@watertight/contracts';
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

const Decimal = (description: string) =>
  Type.String({ description: `${description} (decimal string)`, examples: ['5400.10'] });
const Month = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', examples: ['2026-03'] });
const Currency = Type.String({ pattern: '^[A-Z]{3}$', examples: ['EUR'] });

const figures = {
  sales: Decimal('Ordered, before cancelations and refunds'),
  cancelations: Decimal('Cancelled after acceptance'),
  refunds: Decimal('Paid back for these orders'),
  net: Decimal('sales − cancelations − refunds'),
  delivered: Decimal('Net of verified orders'),
  difference: Decimal('net − delivered'),
};

export const TransactionCheckSchema = Type.Object({
  allowed: Type.Boolean({
    description: "Mirakl's transaction log has been read for the marketplace; without it nothing is checked",
  }),
  matched: Type.Integer(),
  missing: Type.Integer(),
  different: Type.Integer(),
});

export const FinanceRowSchema = Type.Object({
  marketplaceId: Type.String(),
  name: Type.String(),
  month: Type.String({ description: "By when the buyer ordered, in the marketplace's time zone" }),
  timezone: Type.String(),
  currency: Type.String(),
  orders: Type.Integer({ description: 'Sales in number' }),
  unknownMoney: Type.Integer({ description: 'Sales whose amount is not known; they are in no figure' }),
  ...figures,
  withoutTax: Decimal('sales − cancelations without tax'),
  withoutTaxUnknown: Type.Integer({
    description: 'Sales of which Mirakl does not say the tax; not in withoutTax',
  }),
  refundsBooked: Decimal('Refunds completed in this month, whichever month the order is of'),
  notDelivered: Type.Array(
    Type.Object({
      bucket: Type.Enum([...BUCKETS]),
      reason: Nullable(Type.String()),
      meaning: Nullable(Type.String()),
      orders: Type.Integer(),
      net: Decimal('Their net'),
    }),
    { description: 'Explains the difference to the cent' },
  ),
  transactions: TransactionCheckSchema,
});
export type FinanceRow = Static<typeof FinanceRowSchema>;

export const FinanceSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    from: Type.String({ description: 'First month' }),
    to: Type.String({ description: 'Last month, included' }),
    rows: Type.Array(FinanceRowSchema),
    totals: Type.Array(Type.Object({ currency: Type.String(), orders: Type.Integer(), ...figures })),
  },
  { $id: 'Finance', description: 'Does the month reconcile? Per marketplace, month and currency' },
);
export type Finance = Static<typeof FinanceSchema>;

export const FinanceOrderSchema = Type.Object({
  orderKey: Type.String(),
  orderId: Type.String(),
  createdAt: Instant('When the buyer ordered'),
  state: Nullable(Type.String()),
  bucket: Type.Enum([...BUCKETS]),
  reason: Nullable(Type.String()),
  currency: Nullable(Type.String()),
  sales: Nullable(Decimal('Null when not known')),
  cancelations: Nullable(Decimal('Null when not known')),
  refunds: Nullable(Decimal('Null when not known')),
  net: Nullable(Decimal('Null when not known')),
  withoutTax: Nullable(Decimal('Null when not known')),
  delivered: Nullable(Decimal('Null when not known')),
  difference: Nullable(Decimal('Null when not known')),
});
export type FinanceOrder = Static<typeof FinanceOrderSchema>;

export const FinanceOrdersSchema = Type.Object(
  { orders: Type.Array(FinanceOrderSchema), nextCursor: NextCursor },
  { $id: 'FinanceOrders', description: 'The orders behind a row' },
);
export type FinanceOrders = Static<typeof FinanceOrdersSchema>;

export const RefundCheckSchema = Type.Object({
  orderKey: Type.String(),
  refundId: Type.String(),
  completedAt: Nullable(Instant('When the money moved')),
  refund: Nullable(MoneySchema),
  transaction: Nullable(MoneySchema),
  transactionIds: Type.Array(Type.String()),
  result: Type.Enum(['matched', 'missing', 'different']),
  difference: Nullable(MoneySchema),
});
export type RefundCheck = Static<typeof RefundCheckSchema>;

export const RefundChecksSchema = Type.Object(
  {
    asOf: Instant('When this was read'),
    allowed: Type.Boolean(),
    refunds: Type.Array(RefundCheckSchema, {
      description: 'Different and missing ones first; at most 1,000',
    }),
    truncated: Type.Boolean(),
  },
  { $id: 'RefundChecks', description: "Completed refunds beside Mirakl's transaction log (TL02)" },
);
export type RefundChecks = Static<typeof RefundChecksSchema>;

export const FinanceQuerySchema = Type.Object(
  {
    marketplace: Type.Optional(MarketplaceField),
    currency: Type.Optional(Currency),
    from: Type.Optional(
      Type.String({ ...Month, description: 'First month; default two months before `to`' }),
    ),
    to: Type.Optional(Type.String({ ...Month, description: 'Last month, included; default this month' })),
  },
  { additionalProperties: false },
);
export type FinanceQuery = Static<typeof FinanceQuerySchema>;

export const FinanceOrdersQuerySchema = Type.Object(
  {
    marketplace: MarketplaceField,
    month: Month,
    currency: Type.Optional(Currency),
    bucket: Type.Optional(Type.Enum([...BUCKETS])),
    cursor: Type.Optional(CursorField),
    limit: Type.Optional(LimitField),
  },
  { additionalProperties: false },
);
export type FinanceOrdersQuery = Static<typeof FinanceOrdersQuerySchema>;

export const RefundChecksQuerySchema = Type.Object(
  { marketplace: MarketplaceField, month: Month },
  { additionalProperties: false },
);
export type RefundChecksQuery = Static<typeof RefundChecksQuerySchema>;

export const financeRoutes: readonly ApiRoute[] = [
  {
    id: 'readFinance',
    method: 'GET',
    path: '/finance',
    summary: 'Sales, cancelations, refunds, net, delivered, difference: per marketplace, month and currency',
    role: 'viewer',
    query: FinanceQuerySchema,
    answer: FinanceSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
  {
    id: 'listFinanceOrders',
    method: 'GET',
    path: '/finance/orders',
    summary: 'The orders behind a row of finance',
    role: 'viewer',
    query: FinanceOrdersQuerySchema,
    answer: FinanceOrdersSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
  {
    id: 'checkRefunds',
    method: 'GET',
    path: '/finance/refunds',
    summary: "Completed refunds beside Mirakl's transaction log",
    role: 'viewer',
    query: RefundChecksQuerySchema,
    answer: RefundChecksSchema,
    refusals: { 404: 'There is no such marketplace' },
  },
  {
    id: 'exportFinanceCsv',
    method: 'GET',
    path: '/finance/export.csv',
    summary: 'Finance as CSV',
    role: 'viewer',
    query: FinanceQuerySchema,
    answer: Type.String(),
    answerType: 'text/csv',
  },
  {
    id: 'exportFinanceXlsx',
    method: 'GET',
    path: '/finance/export.xlsx',
    summary: 'Finance as a spreadsheet: the rows, what was not delivered, and the refund check',
    role: 'viewer',
    query: FinanceQuerySchema,
    answer: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
    answerType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
];
