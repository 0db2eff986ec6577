import type { OrderFact, ReasonCode } from '@watertight/contracts';

/**
 * Is the order a sale? `not_yet` may still become one; `never` is final as far as Mirakl has said.
 * `cancelled` marks a sale that ended with nothing left of it.
 */
export type SaleDecision =
  | { readonly kind: 'sale'; readonly cancelled: boolean; readonly unknownState: boolean }
  | { readonly kind: 'not_yet'; readonly reason: 'mapping.awaiting_acceptance' | 'mapping.unknown_state' }
  | {
      readonly kind: 'never';
      readonly reason: Extract<ReasonCode, 'mapping.refused' | 'mapping.cancelled_before_acceptance'>;
    };

const awaitingStates: readonly string[] = ['STAGING', 'WAITING_ACCEPTANCE'];

// Payment runs only once the seller has said yes, so an order that waits for its debit is accepted. The last two are
// deprecated, but Mirakl's list still has them.
const acceptedStates: readonly string[] = [
  'WAITING_DEBIT',
  'WAITING_DEBIT_PAYMENT',
  'SHIPPING',
  'SHIPPED',
  'TO_COLLECT',
  'RECEIVED',
  'CLOSED',
  'WAITING_REFUND',
  'WAITING_REFUND_PAYMENT',
];

const fulfilledStates: readonly string[] = ['SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED'];

type StatedOrder = Pick<OrderFact, 'state' | 'acceptedAt' | 'lines'>;

export interface SaleEvidence {
  /** Some fact of this order, older ones included, showed it accepted. */
  readonly seenAccepted: boolean;
  /** Money or goods came back, so they had gone out before. */
  readonly hasRefundOrReturn: boolean;
}

/** True when this fact by itself shows that the order was accepted. */
export function showsAccepted(order: Pick<OrderFact, 'state' | 'lines'>): boolean {
  if (allLinesRefused(order)) return false;
  return acceptedStates.includes(order.state) || order.lines.some(wasSent);
}

/** Shipped, received or closed, however it got there: states are skipped between polls. */
export function showsFulfilled(order: Pick<OrderFact, 'state' | 'lines'>): boolean {
  return fulfilledStates.includes(order.state) && !allLinesRefused(order);
}

/**
 * A sale is an order from its accepted state onward. What was a sale stays one: when it is refused afterwards (the
 * buyer's payment failed while it waited for the debit), buyer events have gone out, so it counts as a sale that
 * was cancelled.
 *
 * Acceptance is by line as well. An order all of whose lines were refused was refused, whatever state Mirakl shows
 * for the whole; one accepted line makes a sale.
 */
export function decideSale(order: StatedOrder, evidence: SaleEvidence): SaleDecision {
  const accepted = evidence.seenAccepted || evidence.hasRefundOrReturn || showsAccepted(order);
  if (order.state === 'REFUSED' || allLinesRefused(order)) {
    return accepted ? sale({ cancelled: true }) : { kind: 'never', reason: 'mapping.refused' };
  }
  if (order.state === 'CANCELED') {
    // Null also stands for an automatic acceptance; then only what was seen of the order can tell.
    return accepted || order.acceptedAt !== null
      ? sale({ cancelled: true })
      : { kind: 'never', reason: 'mapping.cancelled_before_acceptance' };
  }
  if (accepted) return sale({ unknownState: !isKnown(order.state) });
  if (awaitingStates.includes(order.state)) return { kind: 'not_yet', reason: 'mapping.awaiting_acceptance' };
  return { kind: 'not_yet', reason: 'mapping.unknown_state' };
}

function sale({ cancelled = false, unknownState = false }): SaleDecision {
  return { kind: 'sale', cancelled, unknownState };
}

function isKnown(state: string): boolean {
  return acceptedStates.includes(state) || awaitingStates.includes(state);
}

function allLinesRefused({ lines }: Pick<OrderFact, 'lines'>): boolean {
  return lines.length > 0 && lines.every((line) => line.state === 'REFUSED');
}

function wasSent(line: OrderFact['lines'][number]): boolean {
  return line.shippedAt !== null || line.receivedAt !== null;
}
