import type { OrderFact, RefundFact } from '@watertight/contracts';
import type { UnknownValue } from '../unknown/unknown-value.ts';

/** What an order says, whichever API it was read from. Who captured it, when and how often comes later. */
export type OrderContent = Omit<
  OrderFact,
  'orderKey' | 'marketplaceId' | 'revision' | 'contentHash' | 'observedAt' | 'source' | 'api'
>;

/** A refund, cancelation or return as it stands in the order. */
export type RefundContent = Omit<
  RefundFact,
  'factId' | 'orderKey' | 'marketplaceId' | 'revision' | 'observedAt'
>;

export interface ReadableOrder {
  readonly kind: 'readable';
  readonly order: OrderContent;
  readonly refunds: readonly RefundContent[];
  /** What in it this version does not know: values of open lists, and fields. */
  readonly unknown?: readonly UnknownValue[];
}

/** An order whose identity or money cannot be read. Its bytes are kept; nothing of them is guessed. */
export interface UnreadableOrder {
  readonly kind: 'unreadable';
  readonly reason: 'source.unparseable' | 'contract.message_too_large';
  /** Which field, and what is wrong with it; never its value. */
  readonly detail: string;
  /** Null when not even that can be read. */
  readonly orderId: string | null;
  /** When the buyer ordered, where that can be read, so that the order still has a place in time. */
  readonly createdAt: string | null;
  readonly bytes: Buffer;
}

export type SourceOrder = ReadableOrder | UnreadableOrder;
