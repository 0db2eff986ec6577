import { createHash } from 'node:crypto';
import type { OrderContent, RefundContent } from './normalised-order.ts';

/**
 * SHA-256 of what an order says. Left out is what may change without the order having changed: Mirakl's update date,
 * which nightly batches touch, and picture addresses, which move with the host. The normaliser builds its objects in
 * one fixed order, so their JSON is canonical.
 */
export function orderContentHash(order: OrderContent): string {
  const lines = order.lines.map((line) => ({ ...line, imageUrl: null }));
  return sha256(JSON.stringify({ ...order, updatedAt: null, lines }));
}

export function refundContentHash(refund: RefundContent): string {
  return sha256(JSON.stringify(refund));
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
