import type { Truth, TrueOrder } from '../../tools/chaos/sandbox-orders.ts';
import { BENCH_MARKETPLACE } from '../buyer-events.ts';
import { ORDERS_PER_REFUND, receivedOrder, refundOf } from '../order-facts.ts';

/** The published order in the words of the law, which knows only what the sandbox says of its own. */
export function trueOrder(index: number, now: Date): TrueOrder {
  const order = receivedOrder(index, now);
  const { orderId, state, currency, amount, lines, buyer } = order;
  const refund = refundOf(order);
  const refunds =
    index % ORDERS_PER_REFUND === 0
      ? [
          {
            id: refund.id,
            state: refund.state ?? '',
            amount: refund.amount?.amount ?? '',
            shippingAmount: '0.00',
          },
        ]
      : [];
  return {
    orderId,
    state,
    currency,
    amount: amount?.amount ?? null,
    accepted: true,
    meaning: 'direct',
    contact: { kind: 'direct', email: buyer.contacts[0]?.value ?? null },
    lines: lines.map((line, at) => ({
      lineId: line.lineId,
      state: line.state,
      refunds: at === 0 ? refunds : [],
      cancelations: [],
    })),
    returns: [],
  };
}

/** What Mirakl would count, had it these orders. */
export function sumOf(orders: readonly TrueOrder[]): Truth['mirakl'] {
  const cents = orders.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  return { [BENCH_MARKETPLACE]: { orders: orders.length, money: { EUR: (cents / 100).toFixed(2) } } };
}
