import { cancelLine, onePiece, wholeLine } from './cancelations.ts';
import type { LifeStep, RefundShape } from './life-plan.ts';
import type { Marketplace } from './marketplace.ts';
import { activeLines, moveTo, refuseLine, refuseOrder } from './order-changes.ts';
import { advanceRefund, notRefunded, refundLine, unfinishedRefund, type RefundPart } from './refunds.ts';
import { advanceReturn, openReturn } from './returns.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { isOver, type TradeLine, type TradeOrder } from './trade-order.ts';

export interface LifeMoment {
  readonly marketplace: Marketplace;
  readonly order: TradeOrder;
  readonly random: SeededRandom;
  readonly atMs: number;
}

/** Takes one step of an order's life. An order that is over, closed by hand for instance, takes no more steps. */
export function takeStep(moment: LifeMoment, step: LifeStep): void {
  const { order, atMs } = moment;
  if (isOver(order) && step.do !== 'advance_refund') return;
  switch (step.do) {
    case 'await_acceptance':
      return moveTo(order, 'WAITING_ACCEPTANCE', atMs);
    case 'accept':
      return moveTo(order, 'WAITING_DEBIT_PAYMENT', atMs);
    case 'accept_partly':
      refuseLine(order, order.lines.length - 1, atMs);
      return moveTo(order, 'WAITING_DEBIT_PAYMENT', atMs);
    case 'refuse':
      return refuseOrder(order, atMs, moment.random.chance(0.3) ? 'ACCEPTANCE_TIMEOUT' : 'REFUSED');
    case 'debit':
      return moveTo(order, 'SHIPPING', atMs);
    case 'ship':
      return moveTo(order, 'SHIPPED', atMs);
    case 'collect':
      return moveTo(order, 'TO_COLLECT', atMs);
    case 'receive':
      return moveTo(order, 'RECEIVED', atMs);
    case 'fulfil_by_operator':
      return moveTo(order, 'RECEIVED', atMs, 'AUTO_RECEIVED');
    case 'close':
      return moveTo(order, 'CLOSED', atMs, 'AUTO_CLOSED');
    case 'cancel':
      return cancelOrder(moment);
    case 'cancel_part':
      return cancelPart(moment);
    case 'refund':
      return refund(moment, step.shape);
    case 'advance_refund':
      return finishRefund(moment);
    case 'open_return':
      return openReturn(order, moment.random, atMs);
    case 'advance_return':
      return advanceReturn(order, atMs);
  }
}

function cancelOrder(moment: LifeMoment): void {
  const reasonCode =
    moment.order.acceptedMs === null ? '34' : moment.random.pick(['34', 'SYSTEM_LATE_SHIPMENT_CANCELATION']);
  moment.order.lines.forEach((line, lineIndex) => {
    if (line.state === 'REFUSED' || line.state === 'CANCELED') return;
    cancelLine(moment.order, lineIndex, wholeLine(line), stampOf(moment, reasonCode));
  });
}

/** A piece where there are several, a whole line where there are several lines, else a part of the amount. */
function cancelPart(moment: LifeMoment): void {
  const { order } = moment;
  const lineIndex = order.lines.findIndex((line) => activeLines(order).includes(line));
  const line = order.lines[lineIndex];
  if (!line) return;
  const part =
    line.quantity > 1
      ? onePiece(line)
      : activeLines(order).length > 1
        ? wholeLine(line)
        : { amount: Math.floor(line.price / 4), shippingAmount: 0, feeAmount: 0, quantity: 0 };
  cancelLine(order, lineIndex, part, stampOf(moment, '34'));
}

function refund(moment: LifeMoment, shape: RefundShape): void {
  const { order, random } = moment;
  const lineIndex = order.lines.findIndex(
    (line) => line.state !== 'REFUNDED' && activeLines(order).includes(line),
  );
  const line = order.lines[lineIndex];
  if (!line) return;
  const part = refundPart(line, shape);
  if (part.amount + part.shippingAmount + part.feeAmount === 0) return;
  const stamp = { ...stampOf(moment, random.pick(['15', '16', '18', '19'])), orderRefundId: random.uuid() };
  refundLine(order, lineIndex, part, stamp);
}

function refundPart(line: TradeLine, shape: RefundShape): RefundPart {
  const left = notRefunded(line);
  const nothing = { amount: 0, shippingAmount: 0, feeAmount: 0, quantity: 0 };
  switch (shape) {
    case 'full':
      return left;
    case 'piece':
      return { ...nothing, amount: Math.min(left.amount, line.unitPrice), quantity: 1 };
    case 'amount_only':
      return { ...nothing, amount: Math.floor(left.amount / 3) };
    case 'shipping_only':
      return { ...nothing, shippingAmount: left.shippingAmount, quantity: null };
    case 'no_quantity':
      return {
        ...nothing,
        amount: Math.floor(left.amount / 2),
        shippingAmount: left.shippingAmount,
        quantity: null,
      };
  }
}

function finishRefund(moment: LifeMoment): void {
  const found = unfinishedRefund(moment.order);
  if (!found) return;
  const endsSilently = moment.marketplace.profile.refundEndsSilently;
  advanceRefund(moment.order, found.line, found.refund, { atMs: moment.atMs, endsSilently });
}

function stampOf(moment: LifeMoment, reasonCode: string): { id: string; atMs: number; reasonCode: string } {
  return { id: moment.marketplace.nextRefundId(), atMs: moment.atMs, reasonCode };
}
