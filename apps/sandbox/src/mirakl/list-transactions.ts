import type { JsonObject } from '../http/json.ts';
import { SeededRandom } from '../seeded-random.ts';
import { shareOf, toAmountNumber } from '../trade/amounts.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { TradeLine, TradeOrder, TradeRefund, TradeTax } from '../trade/trade-order.ts';
import { lineIdOf } from './list-returns.ts';
import { miraklDate } from './mirakl-dates.ts';
import { MiraklRefusal } from './mirakl-errors.ts';
import { dateOf, flatQuery, repeatedValues, type RawQuery } from './query.ts';
import { readSeekPage, seekPage } from './seek-page.ts';

/** One line of the seller's account: credited is what the seller gets, debited what is taken back. */
interface Transaction {
  readonly id: string;
  readonly type: string;
  readonly order: TradeOrder;
  readonly lineIndex: number;
  readonly credited: number;
  readonly debited: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tax: TradeTax | undefined;
  readonly refundId: string | undefined;
  readonly paymentState: 'PENDING' | 'PAYABLE';
}

/** TL02: transaction lines in seek pages. Throws `MiraklRefusal` (400) on a bad parameter. */
export function listTransactions(marketplace: Marketplace, asked: RawQuery): JsonObject {
  const page = readSeekPage(asked, { default: 10, most: 2000 });
  const query = flatQuery(page.query);
  const sort = query['sort'] ?? 'dateCreated,DESC';
  const [criterion, direction = 'DESC'] = sort.split(',');
  if (criterion !== 'dateCreated' && criterion !== 'lastUpdated') {
    throw new MiraklRefusal(400, 'The parameter sort is not valid');
  }
  const orderIds = repeatedValues(page.query, 'order_id');
  if (orderIds && orderIds.size > 100) {
    throw new MiraklRefusal(400, 'The limit of 100 is exceeded for the parameter : order_id');
  }
  const from = dateOf(query, 'date_created_from') ?? 0;
  const to = dateOf(query, 'date_created_to') ?? Number.POSITIVE_INFINITY;
  const updatedFrom = dateOf(query, 'last_updated_from') ?? 0;
  const types = repeatedValues(page.query, 'transaction_type');
  const paymentStates = repeatedValues(page.query, 'payment_state');
  const wantsSales = !types || [...types].some((type) => !type.startsWith('REFUND_'));
  const found = ordersOf(marketplace, orderIds)
    .flatMap((order) => transactionsOf(marketplace, order, wantsSales))
    .filter(
      ({ type, paymentState, createdMs, updatedMs }) =>
        createdMs >= from &&
        createdMs <= to &&
        updatedMs >= updatedFrom &&
        (!types || types.has(type)) &&
        (!paymentStates || paymentStates.has(paymentState)),
    );
  const keyOf = ({ createdMs, updatedMs, id }: Transaction): { ms: number; id: string } => ({
    ms: criterion === 'dateCreated' ? createdMs : updatedMs,
    id,
  });
  const descending = direction.toUpperCase() !== 'ASC';
  return seekPage(page, found, { keyOf, descending }, (row) => renderTransaction(marketplace, row));
}

function ordersOf(marketplace: Marketplace, ids: ReadonlySet<string> | undefined): readonly TradeOrder[] {
  const orders = ids ? [...ids].flatMap((id) => marketplace.find(id) ?? []) : marketplace.orders;
  return orders.filter((order): order is TradeOrder => order.kind === 'traded');
}

/** An order comes to the account when its buyer was debited; each refund when it was asked for. */
function transactionsOf(
  marketplace: Marketplace,
  order: TradeOrder,
  wantsSales: boolean,
): readonly Transaction[] {
  const { debitedMs } = order;
  if (debitedMs === null) return [];
  return order.lines.flatMap((line, lineIndex) => [
    ...(wantsSales ? saleOf(marketplace, order, line, { lineIndex, atMs: debitedMs }) : []),
    ...line.refunds.flatMap((refund) => refundOf(marketplace, order, refund, lineIndex)),
  ]);
}

interface Posting {
  readonly type: string;
  readonly amount: number;
  readonly tax?: TradeTax;
}

function saleOf(
  marketplace: Marketplace,
  order: TradeOrder,
  line: TradeLine,
  place: { readonly lineIndex: number; readonly atMs: number },
): readonly Transaction[] {
  if (line.state === 'REFUSED') return [];
  const postings: readonly Posting[] = [
    { type: 'ORDER_AMOUNT', amount: line.price },
    { type: 'ORDER_SHIPPING_AMOUNT', amount: line.shippingPrice },
    { type: 'ORDER_FEE_AMOUNT', amount: line.fee },
    ...taxPostings(marketplace, 'ORDER_AMOUNT_TAX', line.taxes),
    ...taxPostings(marketplace, 'ORDER_SHIPPING_AMOUNT_TAX', line.shippingTaxes),
    { type: 'COMMISSION_FEE', amount: -shareOf(line.price + line.shippingPrice, 15, 100) },
  ];
  const moment = {
    createdMs: place.atMs,
    updatedMs: order.updatedMs,
    paymentState: 'PAYABLE',
    refundId: undefined,
  } as const;
  return postings.flatMap((posting) => transaction(order, place.lineIndex, posting, moment));
}

function refundOf(
  marketplace: Marketplace,
  order: TradeOrder,
  refund: TradeRefund,
  lineIndex: number,
): readonly Transaction[] {
  const postings: readonly Posting[] = [
    { type: 'REFUND_ORDER_AMOUNT', amount: -refund.amount },
    { type: 'REFUND_ORDER_SHIPPING_AMOUNT', amount: -refund.shippingAmount },
    { type: 'REFUND_ORDER_FEE_AMOUNT', amount: -refund.feeAmount },
    ...taxPostings(marketplace, 'REFUND_ORDER_AMOUNT_TAX', refund.taxes, -1),
    ...taxPostings(marketplace, 'REFUND_ORDER_SHIPPING_AMOUNT_TAX', refund.shippingTaxes, -1),
  ];
  const moment = {
    createdMs: refund.createdMs,
    updatedMs: refund.paidMs ?? refund.createdMs,
    paymentState: refund.state === 'REFUNDED' ? 'PAYABLE' : 'PENDING',
    refundId: refund.id,
  } as const;
  return postings.flatMap((posting) => transaction(order, lineIndex, posting, moment));
}

/** Taxes are lines of their own where amounts exclude them; what the operator remits never reaches the seller. */
function taxPostings(
  { profile }: Marketplace,
  type: string,
  taxes: readonly TradeTax[],
  sign: 1 | -1 = 1,
): readonly Posting[] {
  if (profile.taxMode === 'TAX_INCLUDED') return [];
  return taxes.map((tax) => ({ type, amount: sign * (tax.amount - tax.remitted), tax }));
}

function transaction(
  order: TradeOrder,
  lineIndex: number,
  { type, amount, tax }: Posting,
  moment: Pick<Transaction, 'createdMs' | 'updatedMs' | 'paymentState' | 'refundId'>,
): readonly Transaction[] {
  if (amount === 0) return [];
  const id = new SeededRandom(
    'transaction',
    order.orderId,
    lineIndex,
    type,
    tax?.code ?? '',
    moment.refundId ?? '',
  ).uuid();
  return [
    {
      ...moment,
      id,
      type,
      order,
      lineIndex,
      tax,
      credited: Math.max(0, amount),
      debited: Math.max(0, -amount),
    },
  ];
}

function renderTransaction({ profile }: Marketplace, row: Transaction): JsonObject {
  const money = (minor: number): number => toAmountNumber(minor, profile.currency);
  const { order, tax, refundId } = row;
  return {
    amount: money(row.credited - row.debited),
    amount_credited: money(row.credited),
    amount_debited: money(row.debited),
    currency_iso_code: profile.currency,
    date_created: miraklDate(row.createdMs),
    entities: {
      channel: profile.channel === null ? undefined : { code: profile.channel.code },
      domain: 'PRODUCT',
      order: {
        commercial_id: order.commercialId,
        creation_date: miraklDate(order.createdMs),
        id: order.orderId,
        payment_info: { payment_type: 'CARD' },
      },
      order_line: { id: lineIdOf(order, row.lineIndex) },
      order_tax: tax === undefined ? undefined : { code: tax.code, rate: tax.rate },
      refund: refundId === undefined ? undefined : { id: refundId },
    },
    id: row.id,
    last_updated: miraklDate(row.updatedMs),
    pay_out_psp_code: 'NOT_SPECIFIED',
    payment_state: row.paymentState,
    type: row.type,
  };
}
