import { shareOf } from './amounts.ts';
import { activeLines, touch } from './order-changes.ts';
import type { TradeCancelation, TradeLine, TradeOrder, TradeTax } from './trade-order.ts';

export interface CancelPart {
  readonly amount: number;
  readonly shippingAmount: number;
  readonly feeAmount: number;
  /** Pieces taken off the line; 0 for a cancelation by amount. */
  readonly quantity: number;
}

/** All of a line, as it stands now. */
export function wholeLine(line: TradeLine): CancelPart {
  return {
    amount: line.price,
    shippingAmount: line.shippingPrice,
    feeAmount: line.fee,
    quantity: line.quantity,
  };
}

/** One piece of a line that has several. */
export function onePiece(line: TradeLine): CancelPart {
  return { amount: Math.min(line.unitPrice, line.price), shippingAmount: 0, feeAmount: 0, quantity: 1 };
}

/**
 * Cancels a part of a line: the amounts move from the line into the cancelation, so the totals shrink. A line with
 * nothing left becomes CANCELED, and the order with its last active line.
 */
export function cancelLine(
  order: TradeOrder,
  lineIndex: number,
  part: CancelPart,
  stamp: { readonly id: string; readonly atMs: number; readonly reasonCode: string },
): TradeCancelation | undefined {
  const line = order.lines[lineIndex];
  if (!line) return undefined;
  const amount = Math.min(part.amount, line.price);
  const shippingAmount = Math.min(part.shippingAmount, line.shippingPrice);
  const feeAmount = Math.min(part.feeAmount, line.fee);
  const cancelation: TradeCancelation = {
    id: stamp.id,
    amount,
    shippingAmount,
    feeAmount,
    quantity: Math.min(part.quantity, line.quantity),
    reasonCode: stamp.reasonCode,
    createdMs: Math.floor(stamp.atMs / 1000) * 1000,
    taxes: takeTaxes(line.taxes, amount, line.price),
    shippingTaxes: takeTaxes(line.shippingTaxes, shippingAmount, line.shippingPrice),
  };
  line.price -= amount;
  line.shippingPrice -= shippingAmount;
  line.fee -= feeAmount;
  line.quantity -= cancelation.quantity;
  line.cancelations = [...line.cancelations, cancelation];
  if (line.price + line.shippingPrice + line.fee === 0) {
    line.state = 'CANCELED';
    line.reasonCode = stamp.reasonCode;
  }
  touch(order, line, stamp.atMs);
  closeWhenEmpty(order, stamp.reasonCode);
  return cancelation;
}

/** Moves the tax of the part out of the line, at least nothing and at most all of it. */
function takeTaxes(taxes: readonly TradeTax[], part: number, whole: number): readonly TradeTax[] {
  return taxes.map((tax) => {
    const amount = shareOf(tax.amount, part, whole);
    const remitted = Math.min(amount, shareOf(tax.remitted, part, whole));
    tax.amount -= amount;
    tax.remitted -= remitted;
    return { ...tax, amount, remitted };
  });
}

function closeWhenEmpty(order: TradeOrder, reasonCode: string): void {
  if (activeLines(order).length > 0) return;
  const everyLineRefused = order.lines.every((line) => line.state === 'REFUSED');
  order.state = everyLineRefused ? 'REFUSED' : 'CANCELED';
  order.reasonCode = reasonCode;
}
