import type { SourceOrder } from '../capture/normalised-order.ts';
import type { ReturnPage } from '../returns/source-return.ts';

/** One page of orders. */
export interface OrderPage {
  readonly orders: readonly SourceOrder[];
  /** Where the next page begins, to be handed back as it is; null on the last page. */
  readonly next: string | null;
  /** When Mirakl answered: its own clock where it says so. */
  readonly answeredAt: Date;
}

export interface OrderCount {
  readonly orders: number;
  readonly answeredAt: Date;
}

/**
 * Where orders come from. The seller API and Mirakl Connect both stand behind it and give the same normalised orders.
 * Every method throws MiraklError when the marketplace does not give a usable answer, and the signal's reason when
 * it aborts. An order that cannot be read is an entry of its page, never an error.
 */
export interface MiraklSource {
  /** Every order that changed since `from`, page by page to the end; `resumeAt` is the `next` of an earlier page. */
  listOrdersUpdatedSince(from: Date, resumeAt: string | null, signal: AbortSignal): AsyncIterable<OrderPage>;
  /** One page of the orders created from `since` to `until`; `resumeAt` is the `next` of the page before it. */
  readOrdersCreated(
    since: Date,
    until: Date,
    resumeAt: string | null,
    signal: AbortSignal,
  ): Promise<OrderPage>;
  /** Orders by their ids, at most 100. Ids that Mirakl does not know are simply not in the answer. */
  listOrdersByIds(orderIds: readonly string[], signal: AbortSignal): Promise<OrderPage>;
  /** How many orders were created from `since` to `until`, both counted, by Mirakl's own count. */
  countOrdersCreated(since: Date, until: Date, signal: AbortSignal): Promise<OrderCount>;
  /** Every return that changed since `from`, page by page to the end. */
  listReturnsUpdatedSince(from: Date, signal: AbortSignal): AsyncIterable<ReturnPage>;
  close(): Promise<void>;
}

/** Most ids that one call may name. */
export const ORDER_IDS_MAX = 100;
