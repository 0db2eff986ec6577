import { createHmac } from 'node:crypto';

/**
 * Every id is a pure function of what it names, so that a replay, a second replica or a restart makes the same id
 * again, and Klaviyo (which keeps the first event per id) and our ledgers drop the repeat.
 */

export function orderKeyOf(marketplaceId: string, orderId: string): string {
  return `${marketplaceId}:${orderId}`;
}

export function marketplaceIdOf(orderKey: string): string {
  return orderKey.slice(0, orderKey.indexOf(':'));
}

export function orderIdOf(orderKey: string): string {
  return orderKey.slice(orderKey.indexOf(':') + 1);
}

/** The fact that a refund, cancelation or return is, whatever its state. */
export function refundFactId(
  orderKey: string,
  kind: 'refund' | 'cancelation' | 'return',
  id: string,
): string {
  return `${orderKey}:${kind}:${id}`;
}

export const eventIds = {
  placed: (orderKey: string) => `${orderKey}:placed`,
  fulfilled: (orderKey: string) => `${orderKey}:fulfilled`,
  /** `all` closes an order that ended CANCELED with something left that no single cancelation covers. */
  cancelled: (orderKey: string, cancelationId: string | 'all') => `${orderKey}:cancelled:${cancelationId}`,
  /** A refund has its own id: with the order's id the second partial refund would be swallowed as a repeat. */
  refunded: (orderKey: string, refundId: string) => `${orderKey}:refunded:${refundId}`,
  returned: (orderKey: string, returnId: string) => `${orderKey}:returned:${returnId}`,
  line: (orderKey: string, lineId: string) => `${orderKey}:line:${lineId}`,
} as const;

/**
 * The buyer behind a normalised email address. Keyed, so that the topics' keys hold no personal data and an address
 * cannot be looked up by guessing without the key. `key` is at least 32 characters.
 */
export function buyerIdOf(normalisedEmail: string, key: string): string {
  if (key.length < 32) throw new RangeError('BUYER_ID_KEY must have at least 32 characters');
  return createHmac('sha256', key).update(normalisedEmail, 'utf8').digest('hex');
}
