import type { Marketplace } from '../trade/marketplace.ts';
import type { ContactKind } from '../trade/order-contact.ts';
import type { StoredOrder } from '../trade/trade-order.ts';

/**
 * What an order ought to become: no sale (refused, or cancelled before acceptance), not a sale yet (nobody accepted
 * it so far), or a sale by the contact it shows. Raw orders are a test's own business.
 */
export type OrderMeaning = ContactKind | 'not_a_sale' | 'not_yet_a_sale' | 'raw';

export function meaningOf(marketplace: Marketplace, order: StoredOrder): OrderMeaning {
  if (order.kind === 'raw') return 'raw';
  const accepted = order.acceptedMs !== null;
  if (order.state === 'REFUSED' || (order.state === 'CANCELED' && !accepted)) return 'not_a_sale';
  return accepted ? marketplace.contactKindOf(order) : 'not_yet_a_sale';
}
