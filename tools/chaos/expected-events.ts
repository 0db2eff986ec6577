import type { TrueOrder } from './sandbox-orders.ts';

/** What must be stored at Klaviyo for the orders of one marketplace. */
export interface ExpectedEvents {
  /** `<metric>|<unique id>`: each exactly once. */
  readonly required: ReadonlySet<string>;
  /** May be there besides: how an order's cancelation was split into parts depends on what was seen when. */
  readonly allowed: ReadonlySet<string>;
  /** Of each of these at least one. */
  readonly oneOf: readonly (readonly string[])[];
}

const fulfilledStates = ['SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED'];
const returnedStates = ['RECEIVED', 'CLOSED'];

/**
 * Derived from the sandbox's orders alone, by the rules of the contract and not by the code that is tried: a sale whose
 * buyer has an own address gives `Placed Order`, one `Ordered Product` per line, `Fulfilled Order` once it was shipped,
 * and one event of its own for each cancelation, paid refund and received return.
 */
export function expectedEvents(marketplace: string, orders: readonly TrueOrder[]): ExpectedEvents {
  const required = new Set<string>();
  const allowed = new Set<string>();
  const oneOf: string[][] = [];
  for (const order of orders.filter(({ meaning }) => meaning === 'direct')) {
    const key = `${marketplace}:${order.orderId}`;
    required.add(`Placed Order|${key}:placed`);
    for (const { lineId, state } of order.lines) {
      // A line that the seller refused was never sold.
      if (state !== 'REFUSED') required.add(`Ordered Product|${key}:line:${lineId}`);
    }
    if (fulfilledStates.includes(order.state)) required.add(`Fulfilled Order|${key}:fulfilled`);
    for (const { id, state } of order.lines.flatMap(({ refunds }) => refunds)) {
      if (state === 'REFUNDED') required.add(`Refunded Order|${key}:refunded:${id}`);
    }
    for (const { id, state } of order.returns) {
      if (returnedStates.includes(state)) required.add(`Returned Order|${key}:returned:${id}`);
    }
    addCancelations(order, key, { required, allowed, oneOf });
  }
  return { required, allowed, oneOf };
}

function addCancelations(
  order: TrueOrder,
  key: string,
  into: { required: Set<string>; allowed: Set<string>; oneOf: string[][] },
): void {
  const ids = order.lines.flatMap(({ cancelations }) => cancelations.map(({ id }) => id));
  const events = ids.map((id) => `Cancelled Order|${key}:cancelled:${id}`);
  if (order.state !== 'CANCELED') {
    for (const event of events) into.required.add(event);
    return;
  }
  const whole = [...events, `Cancelled Order|${key}:cancelled:all`];
  for (const event of whole) into.allowed.add(event);
  into.oneOf.push(whole);
}
