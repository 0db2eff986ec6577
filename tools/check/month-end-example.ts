import { addMoney, formatMinor, fromWire, money, type Money } from '@watertight/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { buildFinance } from '../../apps/leakage-monitor/dist/finance/build-finance.js';
import type { FinanceRow } from '../../apps/leakage-monitor/dist/finance/finance.api.js';
import { normaliseOrder } from '../../apps/mirakl-ingest/dist/mirakl/seller/normalise-order.js';
import { decideSale } from '../../apps/profile-mapper/dist/sale/decide-sale.js';

const Line = Type.Record(Type.String(), Type.Unknown());
const ExampleOrder = Type.Object({
  bucket: Type.Enum(['verified', 'uncaptured_contact', 'not_a_sale']),
  reason: Type.Union([Type.String(), Type.Null()]),
  order_id: Type.String(),
  order_state: Type.String(),
  total_price: Type.Number(),
  lines: Type.Array(Line),
});
type ExampleOrder = Static<typeof ExampleOrder>;
const fileShape = Compile(
  Type.Record(
    Type.String(),
    Type.Object({
      taxMode: Type.Union([Type.Literal('TAX_INCLUDED'), Type.Literal('TAX_EXCLUDED')]),
      currency: Type.String(),
      orders: Type.Array(ExampleOrder),
    }),
  ),
);

export interface ExampleFigures {
  readonly marketplace: string;
  readonly orderId: string;
  readonly state: string;
  readonly bucket: ExampleOrder['bucket'];
  readonly reason: string | null;
  readonly isSale: boolean;
  /** As Mirakl has it now. */
  readonly now: Money;
  readonly sales: Money;
  readonly cancelations: Money;
  readonly refunds: Money;
  readonly net: Money;
}

/** The orders of the worked example, read by the code that reads Mirakl's own. */
export function exampleFigures(): readonly ExampleFigures[] {
  const text = readFileSync(join(import.meta.dirname, 'month-end-example.orders.json'), 'utf8');
  return Object.entries(fileShape.Parse(JSON.parse(text))).flatMap(
    ([marketplace, { taxMode, currency, orders }]) =>
      orders.map((order) => figuresOf(marketplace, order, taxMode, currency)),
  );
}

function figuresOf(
  marketplace: string,
  example: ExampleOrder,
  taxMode: 'TAX_INCLUDED' | 'TAX_EXCLUDED',
  currency: string,
): ExampleFigures {
  const { order, refunds } = normaliseOrder(rawOrder(example, taxMode, currency), {
    orderTaxMode: taxMode,
    emailFrom: [],
    baseUrl: 'https://marketplace.example',
    readAt: new Date('2026-04-01T00:00:00Z'),
  });
  const sumOf = (kind: 'refund' | 'cancelation'): Money =>
    refunds
      .filter((change) => change.kind === kind && change.final)
      .flatMap(({ amount }) => (amount === null ? [] : fromWire(amount)))
      .reduce((sum, amount) => addMoney(sum, amount), money(0, currency));
  const isSale =
    decideSale(order, { seenAccepted: order.acceptedAt !== null, hasRefundOrReturn: false }).kind === 'sale';
  if (order.amount === null) throw new Error(`${example.order_id} has no amount`);
  const now = fromWire(order.amount);
  const none = money(0, currency);
  const [sales, cancelations, paidBack] = isSale
    ? [fromWire(order.amountOrdered ?? order.amount), sumOf('cancelation'), sumOf('refund')]
    : [none, none, none];
  return {
    marketplace,
    orderId: example.order_id,
    state: example.order_state,
    bucket: example.bucket,
    reason: example.reason,
    isSale,
    now,
    sales,
    cancelations,
    refunds: paidBack,
    net: money(sales.minor - cancelations.minor - paidBack.minor, currency),
  };
}

/** The example in the form in which OR11 gives an order. */
function rawOrder(
  { order_id, order_state, total_price, lines }: ExampleOrder,
  taxMode: string,
  currency: string,
): unknown {
  const refused = order_state === 'REFUSED';
  return {
    order_id,
    order_state,
    total_price,
    currency_iso_code: currency,
    order_tax_mode: taxMode,
    created_date: '2026-03-10T09:00:00Z',
    last_updated_date: '2026-03-20T09:00:00Z',
    acceptance_decision_date: refused ? null : '2026-03-10T10:00:00Z',
    order_lines: lines.map((line, index) => ({
      order_line_id: `${order_id}-${index + 1}`,
      order_line_state: order_state,
      ...line,
    })),
  };
}

/** The rows of the month, by the code that makes the finance page. */
export function exampleMonths(figures: readonly ExampleFigures[]): readonly FinanceRow[] {
  return buildFinance({
    marketplaces: [...new Set(figures.map(({ marketplace }) => marketplace))].map((id) => ({
      id,
      name: id,
      timezone: 'UTC',
    })),
    sums: figures.map((order) => ({
      marketplaceId: order.marketplace,
      month: '2026-03',
      currency: order.now.currency,
      bucket: order.bucket,
      reason: order.reason,
      orders: 1,
      unknownMoney: 0,
      sales: order.sales.minor,
      cancelations: order.cancelations.minor,
      refunds: order.refunds.minor,
      withoutTax: 0,
      withoutTaxUnknown: 1,
    })),
    booked: [],
    transactions: new Map(),
    currency: undefined,
  });
}

/** The two tables of the page, as Markdown. */
export function exampleTables(): { readonly orders: string; readonly months: string } {
  const figures = exampleFigures();
  const text = ({ minor, currency }: Money): string => formatMinor(minor, currency);
  const orders = [
    '| marketplace | order | state | Mirakl shows now | sales | cancelations | refunds | net | where it is |',
    '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...figures.map(
      (order) =>
        `| ${order.marketplace} | ${order.orderId} | ${order.state} | ${text(order.now)} ${order.now.currency} | ${text(order.sales)} | ${text(order.cancelations)} | ${text(order.refunds)} | ${text(order.net)} | ${order.bucket.replaceAll('_', ' ')}${order.reason === null ? '' : `, \`${order.reason}\``} |`,
    ),
  ];
  const months = [
    '| marketplace | month | currency | orders | sales | cancelations | refunds | net | delivered | difference | not delivered |',
    '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...exampleMonths(figures).map(
      ({ marketplaceId, month, currency, orders: count, notDelivered, ...row }) =>
        `| ${marketplaceId} | ${month} | ${currency} | ${count} | ${row.sales} | ${row.cancelations} | ${row.refunds} | ${row.net} | ${row.delivered} | ${row.difference} | ${notDelivered.map(({ reason, net }) => `\`${reason}\` ${net}`).join(', ') || '—'} |`,
    ),
  ];
  return { orders: orders.join('\n'), months: months.join('\n') };
}
