import { addMoney, fromWire, toWire } from '@watertight/contracts';
import type { RefundContent } from '../../capture/normalised-order.ts';
import { readList, readQuantity, readText, readTimestamp } from '../lenient-readers.ts';
import { lineIdOf, linesOf } from './order-lines.ts';
import type { OrderAmounts } from './order-amounts.ts';
import type { SellerCancelation, SellerOrder, SellerRefund } from './order-schema.ts';

export interface ChangeTimes {
  /** When the order was last updated: stands in for a creation date that is missing. */
  readonly updatedAt: string;
  readonly readAt: Date;
}

/** Money has been paid back; no later state is expected and none is believed. */
export const REFUNDED = 'REFUNDED';

/** Refunds and cancelations of all lines. They have no feed of their own: they are found inside the order. */
export function normaliseChanges(
  order: SellerOrder,
  amounts: OrderAmounts,
  times: ChangeTimes,
): readonly RefundContent[] {
  const orderLevelTax = orderLevelTaxes(order, amounts);
  const changes = linesOf(order).flatMap((line, lineIndex) => {
    const lineId = lineIdOf(line, lineIndex);
    const path = `order_lines[${lineIndex}]`;
    return [
      ...listOf(line.refunds).map((refund, index) => {
        const amount = amounts.changeAmount(refund, `${path}.refunds[${index}]`);
        return normaliseRefund(refund, lineId, plus(amount, orderLevelTax.get(refund)), times);
      }),
      ...listOf(line.cancelations).map((cancelation, index) =>
        normaliseCancelation(
          cancelation,
          lineId,
          amounts.changeAmount(cancelation, `${path}.cancelations[${index}]`),
          times,
        ),
      ),
    ];
  });
  return withDistinctIds(changes);
}

/**
 * Where Mirakl calculates taxes per order, the taxes of refunds that were made together stand in `order_refunds`, which
 * has no other amounts and no states. They go to the first refund of the group, so that the sum over the order is right
 * and each tax is counted once. A group whose refunds list their own taxes needs nothing.
 */
function orderLevelTaxes(
  order: SellerOrder,
  amounts: OrderAmounts,
): ReadonlyMap<SellerRefund, RefundContent['amount']> {
  const groups = new Map<string, SellerRefund[]>();
  for (const refund of linesOf(order).flatMap((line) => listOf(line.refunds))) {
    const group = readText(refund.order_refund_id);
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), refund]);
  }
  const taxed = [...groups].flatMap(([group, refunds]) => {
    const [first] = refunds;
    if (first === undefined || refunds.some(hasTaxes)) return [];
    return [[first, amounts.orderLevelRefundTax(order, group)] as const];
  });
  return new Map(taxed);
}

function hasTaxes({ taxes, shipping_taxes }: SellerRefund): boolean {
  return readList(taxes).length > 0 || readList(shipping_taxes).length > 0;
}

function plus(
  amount: RefundContent['amount'],
  tax: RefundContent['amount'] | undefined,
): RefundContent['amount'] {
  if (tax === null || tax === undefined) return amount;
  return amount === null ? tax : toWire(addMoney(fromWire(amount), fromWire(tax)));
}

function normaliseRefund(
  refund: SellerRefund,
  lineId: string,
  amount: RefundContent['amount'],
  times: ChangeTimes,
): RefundContent {
  // `state` is deprecated and will not learn new values, but old answers have nothing else.
  const state = readText(refund.refund_state, 100) ?? readText(refund.state, 100);
  const createdAt = readTimestamp(refund.created_date) ?? times.updatedAt;
  const final = state === REFUNDED;
  return {
    kind: 'refund',
    id: String(refund.id),
    lineId,
    state,
    final,
    amount,
    quantity: readQuantity(refund.quantity),
    reasonCode: readText(refund.reason_code, 300),
    createdAt,
    completedAt: final ? believable(readTimestamp(refund.transaction_date), createdAt, times.readAt) : null,
  };
}

function normaliseCancelation(
  cancelation: SellerCancelation,
  lineId: string,
  amount: RefundContent['amount'],
  times: ChangeTimes,
): RefundContent {
  return {
    kind: 'cancelation',
    id: String(cancelation.id),
    lineId,
    state: null,
    // A cancelation has no life: once it is there, the units are gone from the order.
    final: true,
    amount,
    quantity: readQuantity(cancelation.quantity),
    reasonCode: readText(cancelation.reason_code, 300),
    createdAt: readTimestamp(cancelation.created_date) ?? times.updatedAt,
    completedAt: null,
  };
}

/** Operators stamp local time as UTC, so a transaction date may lie outside the refund's own life. */
function believable(time: string | null, createdAt: string, readAt: Date): string | null {
  if (time === null) return null;
  const at = Date.parse(time);
  return at >= Date.parse(createdAt) && at <= readAt.getTime() ? time : null;
}

/**
 * Ids are unique per marketplace as far as is known. Should two entries of one order share one, both are kept: the
 * later one carries its line in the id, or else the two would overwrite each other at every poll.
 */
function withDistinctIds(changes: readonly RefundContent[]): readonly RefundContent[] {
  const seen = new Set<string>();
  return changes.map((change) => {
    const name = `${change.kind}:${change.id}`;
    const distinct = seen.has(name)
      ? { ...change, id: `${change.id}/${change.lineId ?? ''}`.slice(0, 300) }
      : change;
    seen.add(name);
    return distinct;
  });
}

function listOf<T>(list: readonly T[] | null | '' | undefined): readonly T[] {
  return Array.isArray(list) ? list : [];
}
