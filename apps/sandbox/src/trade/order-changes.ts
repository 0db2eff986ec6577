import type { LineState, OrderState, TradeLine, TradeOrder } from './trade-order.ts';

/** Mirakl stamps whole seconds. A date never moves back. */
export function touch(order: TradeOrder, line: TradeLine | undefined, atMs: number): void {
  const second = Math.floor(atMs / 1000) * 1000;
  order.updatedMs = Math.max(order.updatedMs, second);
  if (line) line.updatedMs = Math.max(line.updatedMs, second);
}

/** Lines that still go on: neither refused nor cancelled. */
export function activeLines(order: TradeOrder): readonly TradeLine[] {
  return order.lines.filter((line) => line.state !== 'REFUSED' && line.state !== 'CANCELED');
}

/**
 * Brings an order and its active lines into a state and fills in the dates that the state implies, also of the steps
 * that were skipped on the way.
 */
export function moveTo(
  order: TradeOrder,
  state: OrderState,
  atMs: number,
  reasonCode: string | null = null,
): void {
  const rank = acceptedRanks.indexOf(state);
  if (rank >= 0) order.acceptedMs ??= atMs;
  if (rank >= acceptedRanks.indexOf('SHIPPING')) order.debitedMs ??= atMs;
  if (rank >= acceptedRanks.indexOf('SHIPPED')) order.shippedMs ??= atMs;
  if (rank >= acceptedRanks.indexOf('RECEIVED')) order.receivedMs ??= atMs;
  for (const line of activeLines(order))
    setLine(line, line.state === 'REFUNDED' ? 'REFUNDED' : state, reasonCode);
  order.state = state;
  order.reasonCode = reasonCode;
  touch(order, undefined, atMs);
  for (const line of order.lines) touch(order, line, atMs);
}

const acceptedRanks: readonly OrderState[] = [
  'WAITING_DEBIT',
  'WAITING_DEBIT_PAYMENT',
  'SHIPPING',
  'SHIPPED',
  'TO_COLLECT',
  'RECEIVED',
  'CLOSED',
];

function setLine(line: TradeLine, state: LineState, reasonCode: string | null): void {
  line.state = state;
  line.reasonCode = reasonCode;
}

/** The seller says no to all of it. Amounts stay as they were: that is how Mirakl shows a refused order. */
export function refuseOrder(order: TradeOrder, atMs: number, reasonCode = 'REFUSED'): void {
  for (const line of order.lines) {
    setLine(line, 'REFUSED', reasonCode);
    touch(order, line, atMs);
  }
  order.state = 'REFUSED';
  order.reasonCode = reasonCode;
}

/** One line is refused at acceptance, the others go on; the order's total keeps the refused line's amount. */
export function refuseLine(order: TradeOrder, lineIndex: number, atMs: number): void {
  const line = order.lines[lineIndex];
  if (!line || activeLines(order).length < 2) return;
  setLine(line, 'REFUSED', 'REFUSED');
  touch(order, line, atMs);
}
