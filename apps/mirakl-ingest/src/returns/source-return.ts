import type { RefundContent } from '../capture/normalised-order.ts';

/** A return as facts, with the order it belongs to. Returns have a list of their own; orders do not name them. */
export interface ReadableReturn {
  readonly kind: 'readable';
  readonly orderId: string;
  readonly content: RefundContent;
}

/** A return whose identity cannot be read, by its bytes. */
export interface UnreadableReturn {
  readonly kind: 'unreadable';
  readonly detail: string;
  readonly bytes: Buffer;
}

export type SourceReturn = ReadableReturn | UnreadableReturn;

export interface ReturnPage {
  readonly returns: readonly SourceReturn[];
  readonly answeredAt: Date;
}
