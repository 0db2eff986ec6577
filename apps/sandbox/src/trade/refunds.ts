import { shareOf } from './amounts.ts';
import { touch } from './order-changes.ts';
import type { RefundState, TradeLine, TradeOrder, TradeRefund, TradeTax } from './trade-order.ts';

export interface RefundPart {
  readonly amount: number;
  readonly shippingAmount: number;
  readonly feeAmount: number;
  /** Informative only: money can come with 0 or null. */
  readonly quantity: number | null;
}

/** What of a line has not been asked back yet. */
export function notRefunded(line: TradeLine): RefundPart {
  const sum = (of: (refund: TradeRefund) => number): number =>
    line.refunds.reduce((total, refund) => total + of(refund), 0);
  return {
    amount: line.price - sum((refund) => refund.amount),
    shippingAmount: line.shippingPrice - sum((refund) => refund.shippingAmount),
    feeAmount: line.fee - sum((refund) => refund.feeAmount),
    quantity: line.quantity,
  };
}

/** Adds a refund to a line. The line's own amounts stay: refunds never lower them. */
export function refundLine(
  order: TradeOrder,
  lineIndex: number,
  part: RefundPart,
  stamp: {
    readonly id: string;
    readonly orderRefundId: string;
    readonly atMs: number;
    readonly reasonCode: string;
    readonly state?: RefundState;
  },
): TradeRefund | undefined {
  const line = order.lines[lineIndex];
  if (!line) return undefined;
  const state = stamp.state ?? 'WAITING_REFUND';
  const before = notRefunded(line);
  const refund: TradeRefund = {
    ...part,
    id: stamp.id,
    orderRefundId: stamp.orderRefundId,
    reasonCode: stamp.reasonCode,
    createdMs: Math.floor(stamp.atMs / 1000) * 1000,
    taxes: taxesOf(line, line.taxes, (earlier) => earlier.taxes, part.amount === before.amount, [
      part.amount,
      line.price,
    ]),
    shippingTaxes: taxesOf(
      line,
      line.shippingTaxes,
      (earlier) => earlier.shippingTaxes,
      part.shippingAmount === before.shippingAmount,
      [part.shippingAmount, line.shippingPrice],
    ),
    state,
    paidMs: state === 'REFUNDED' ? stamp.atMs : null,
  };
  line.refunds = [...line.refunds, refund];
  const left = notRefunded(line);
  if (left.amount + left.shippingAmount + left.feeAmount === 0) line.state = 'REFUNDED';
  touch(order, line, stamp.atMs);
  return refund;
}

/** Oldest refund of the order that is not paid back yet. */
export function unfinishedRefund(order: TradeOrder): { line: TradeLine; refund: TradeRefund } | undefined {
  for (const line of order.lines) {
    const refund = line.refunds.find((candidate) => candidate.state !== 'REFUNDED');
    if (refund) return { line, refund };
  }
  return undefined;
}

const nextState: Readonly<Record<RefundState, RefundState>> = {
  WAITING_REFUND: 'WAITING_REFUND_PAYMENT',
  WAITING_REFUND_PAYMENT: 'REFUNDED',
  REFUNDED: 'REFUNDED',
};

/** One step towards REFUNDED. `endsSilently`: the last step leaves the order's update date where it was. */
export function advanceRefund(
  order: TradeOrder,
  line: TradeLine,
  refund: TradeRefund,
  step: { readonly atMs: number; readonly endsSilently: boolean },
): void {
  if (refund.state === 'REFUNDED') return;
  refund.state = nextState[refund.state];
  if (refund.state === 'REFUNDED') refund.paidMs = step.atMs;
  if (refund.state !== 'REFUNDED' || !step.endsSilently) touch(order, line, step.atMs);
}

/** The taxes that go back with a part; the last part takes what is left, so that all parts add up to the whole. */
function taxesOf(
  line: TradeLine,
  taxes: readonly TradeTax[],
  earlierTaxes: (refund: TradeRefund) => readonly TradeTax[],
  isLast: boolean,
  [part, whole]: readonly [number, number],
): readonly TradeTax[] {
  return taxes.map((tax) => {
    const earlier = line.refunds.flatMap(earlierTaxes).filter(({ code }) => code === tax.code);
    const left = (of: (from: TradeTax) => number): number =>
      of(tax) - earlier.reduce((sum, from) => sum + of(from), 0);
    const amount = isLast && part > 0 ? left((from) => from.amount) : shareOf(tax.amount, part, whole);
    const remitted = isLast && part > 0 ? left((from) => from.remitted) : shareOf(tax.remitted, part, whole);
    return { ...tax, amount, remitted: Math.min(amount, remitted) };
  });
}
