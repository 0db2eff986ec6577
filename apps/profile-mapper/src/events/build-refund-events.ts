import { addMoney, eventIds, type Money, toWire } from '@watertight/contracts';
import type { StoredChange, StoredOrder } from '../facts/stored-order.ts';
import { readMoney } from '../money/reporting.ts';
import { draftEvent, type EventContext, type EventDraft } from './event-draft.ts';
import { byTime } from './order-worth.ts';

/** Money that has been paid back. A refund that is only asked for is none yet. */
export function paidRefundsOf(order: StoredOrder): readonly StoredChange[] {
  return order.changes.filter(({ fact }) => fact.kind === 'refund' && fact.final).sort(byTime);
}

const unreturnedStates: readonly (string | null)[] = ['REFUSED', 'NO_RECEPTION', 'CANCELED'];

/** Goods that have come back. A return can also end without: refused, called off, or never received. */
export function receivedReturnsOf(order: StoredOrder): readonly StoredChange[] {
  return order.changes
    .filter(({ fact }) => fact.kind === 'return')
    .filter(({ fact }) => fact.state === 'RECEIVED' || (fact.final && !unreturnedStates.includes(fact.state)))
    .sort(byTime);
}

/** The buyer events of refunds and returns: one for each, under its own id, with the running total of refunds beside it. */
export function buildRefundEvents(context: EventContext): EventDraft[] {
  const { order } = context;
  const runningTotals = runningTotalsOf(paidRefundsOf(order));
  const refunded = paidRefundsOf(order).map((change, index) =>
    changeEvent(context, change, {
      eventId: eventIds.refunded(order.orderKey, change.fact.id),
      type: 'order.refunded',
      runningTotal: runningTotals[index] ?? null,
    }),
  );
  const returned = receivedReturnsOf(order).map((change) =>
    changeEvent(context, change, {
      eventId: eventIds.returned(order.orderKey, change.fact.id),
      type: 'order.returned',
      runningTotal: null,
    }),
  );
  return [...refunded, ...returned];
}

interface ChangeEvent {
  readonly eventId: string;
  readonly type: 'order.refunded' | 'order.returned';
  readonly runningTotal: Money | null;
}

function changeEvent(context: EventContext, { fact }: StoredChange, event: ChangeEvent): EventDraft {
  const { runningTotal } = event;
  return draftEvent(context, {
    eventId: event.eventId,
    type: event.type,
    occurredAt: happenedAt(fact),
    amount: readMoney(fact.amount),
    change: {
      id: fact.id,
      lineId: fact.lineId,
      quantity: fact.quantity,
      reasonCode: fact.reasonCode,
      runningTotal: runningTotal === null ? null : toWire(runningTotal),
    },
  });
}

/** When the money moved, or the goods came, where Mirakl says so and it can be true; else when it was asked for. */
export function happenedAt({ createdAt, completedAt, observedAt }: StoredChange['fact']): string {
  if (completedAt === null) return createdAt;
  const at = Date.parse(completedAt);
  return at >= Date.parse(createdAt) && at <= Date.parse(observedAt) ? completedAt : createdAt;
}

/** The sum up to and including each refund; one in another currency, or of unknown amount, leaves it as it was. */
function runningTotalsOf(refunds: readonly StoredChange[]): readonly (Money | null)[] {
  let total: Money | null = null;
  return refunds.map(({ fact }) => {
    const amount = readMoney(fact.amount);
    if (amount === null) return total;
    if (total === null) total = amount;
    else if (total.currency === amount.currency) total = addMoney(total, amount);
    return total;
  });
}
