import { type Contribution, contributionsOf, sumContributions } from './contribution.ts';
import { foldOutcome, type Statement } from './fold-outcome.ts';
import { type Place, placeOrder } from './place-order.ts';
import { NOTHING_SAID, type Said } from './said.ts';

export interface ChangedOrder {
  readonly orderKey: string;
  /** What had been said of it before. */
  readonly before: Said;
  readonly said: Said;
  readonly place: Place;
}

export interface OrderChanges {
  /** Only orders about which something new was said. */
  readonly orders: readonly ChangedOrder[];
  /** What the sums of the balance change by. */
  readonly deltas: readonly Contribution[];
}

/** Pure. Folds a batch's statements into what was known of their orders (`known` lacks the new ones). */
export function changeOrders(
  known: ReadonlyMap<string, Said>,
  statements: ReadonlyMap<string, readonly Statement[]>,
): OrderChanges {
  const orders: ChangedOrder[] = [];
  const gone: Contribution[] = [];
  const come: Contribution[] = [];
  for (const [orderKey, spoken] of statements) {
    const before = known.get(orderKey) ?? NOTHING_SAID;
    const said = spoken.reduce((folded, statement) => foldOutcome(folded, orderKey, statement), before);
    if (said === before) continue;
    const place = placeOrder(orderKey, said);
    gone.push(...contributionsOf(orderKey, placeOrder(orderKey, before)));
    come.push(...contributionsOf(orderKey, place));
    orders.push({ orderKey, before, said, place });
  }
  return { orders, deltas: sumContributions(gone, come) };
}
