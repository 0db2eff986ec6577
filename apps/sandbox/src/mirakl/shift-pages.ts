import type { Marketplace } from '../trade/marketplace.ts';
import type { StoredOrder } from '../trade/trade-order.ts';
import type { OrderQuery } from './list-orders.ts';

/**
 * Changes orders between two pages of one scan, as a busy marketplace does. The oldest order outside the set enters
 * it, at its place by creation date, and pushes the later ones right: the next page repeats one. The first order of
 * the page just served changes too: it leaves a window that is closed at the end, and the next page misses one.
 */
export function shiftPages(
  marketplace: Marketplace,
  found: readonly StoredOrder[],
  query: OrderQuery,
  nowMs: number,
): void {
  const inSet = new Set(found);
  const second = Math.floor(nowMs / 1000) * 1000;
  const entering = marketplace.orders.find((order) => !inSet.has(order) && !order.hidden);
  const leaving = found[query.offset];
  if (entering) entering.updatedMs = second;
  if (leaving) leaving.updatedMs = second;
}
