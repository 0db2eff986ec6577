import { eventIds, toWire } from '@watertight/contracts';
import { readMoney } from '../money/reporting.ts';
import { draftEvent, type EventContext, type EventDraft } from './event-draft.ts';
import type { KnownOrder } from './order-worth.ts';
import { planCancelled } from './plan-cancelled.ts';

/**
 * The buyer events of a sale itself: placed, fulfilled, cancelled. The same facts give the same events, in the
 * same order, under the same ids.
 */
export function buildOrderEvents(
  context: EventContext,
  { cancelled }: { readonly cancelled: boolean },
): EventDraft[] {
  return [placedEvent(context), ...fulfilledEvents(context), ...cancelledEvents(context, cancelled)];
}

function placedEvent(context: EventContext): EventDraft {
  const { order } = context;
  return draftEvent(context, {
    eventId: eventIds.placed(order.orderKey),
    type: 'order.placed',
    occurredAt: order.fact.createdAt,
    amount: context.worth,
    change: null,
  });
}

function fulfilledEvents(context: EventContext): EventDraft[] {
  const { order } = context;
  const seenAt = order.memory.history.fulfilledAt;
  if (seenAt === null) return [];
  return [
    draftEvent(context, {
      eventId: eventIds.fulfilled(order.orderKey),
      type: 'order.fulfilled',
      occurredAt: fulfilledAt(order, seenAt),
      amount: readMoney(order.fact.amount),
      change: null,
    }),
  ];
}

/** When the last line left, else arrived; operators' times that cannot be (before the order, after the answer) do not count. */
function fulfilledAt({ fact }: KnownOrder, seenAt: string): string {
  const from = Date.parse(fact.createdAt);
  const to = Date.parse(fact.observedAt);
  const latest = (times: readonly (string | null)[]): string | undefined =>
    times
      .filter((time) => time !== null)
      .filter((time) => Date.parse(time) >= from && Date.parse(time) <= to)
      .sort((one, other) => Date.parse(one) - Date.parse(other))
      .at(-1);
  return (
    latest(fact.lines.map((line) => line.shippedAt)) ??
    latest(fact.lines.map((line) => line.receivedAt)) ??
    seenAt
  );
}

function cancelledEvents(context: EventContext, cancelled: boolean): EventDraft[] {
  const { order } = context;
  const wholeAt = order.memory.history.cancelledAt ?? order.fact.updatedAt;
  return planCancelled(order, cancelled).map(({ id, change, amount, runningTotal }) =>
    draftEvent(context, {
      eventId: eventIds.cancelled(order.orderKey, id),
      type: 'order.cancelled',
      occurredAt: change?.fact.createdAt ?? wholeAt,
      amount,
      change: {
        id,
        lineId: change?.fact.lineId ?? null,
        quantity: change?.fact.quantity ?? null,
        reasonCode: change === null ? order.fact.stateReason : change.fact.reasonCode,
        runningTotal: runningTotal === null ? null : toWire(runningTotal),
      },
    }),
  );
}
