import type { SourceOrder } from '../capture/normalised-order.ts';
import type { ReturnPage } from '../returns/source-return.ts';
import type { SourceSettings } from '../settings/source-settings.ts';
import type { TransactionPage } from '../transactions/source-transaction.ts';

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
  /**
   * How many orders were created from `since` to `until`, both counted, by Mirakl's own count; null where the source
   * gives none, as Mirakl Connect does not.
   */
  countOrdersCreated(since: Date, until: Date, signal: AbortSignal): Promise<OrderCount | null>;
  /** Every return that changed since `from`, page by page to the end. */
  listReturnsUpdatedSince(from: Date, signal: AbortSignal): AsyncIterable<ReturnPage>;
  /** How the marketplace and its shop are set up. */
  readSettings(signal: AbortSignal): Promise<SourceSettings>;
  /** Every line of the transaction log about a refund that changed since `from`; null where the source has no log. */
  listRefundTransactions(from: Date, signal: AbortSignal): AsyncIterable<TransactionPage> | null;
  /** Large reads by files; null where the source has none. */
  readonly exports: OrderExports | null;
  close(): Promise<void>;
}

/** How far an export has come. */
export type ExportStatus =
  | { readonly state: 'pending' }
  /** It will not come: failed, canceled, or not known any more. */
  | { readonly state: 'ended_without_files' }
  | { readonly state: 'ready'; readonly files: readonly string[] };

/** Asynchronous exports (OR13, OR14, OR15), one at a time per shop. Errors as MiraklSource. */
export interface OrderExports {
  /** How long to wait between two looks at a status, and after a refusal, in milliseconds. */
  readonly statusEveryMs: number;
  readonly afterRefusalMs: number;
  /** Asks for the orders created from `since` to `until`, at most a year apart; the tracking id. */
  create(since: Date, until: Date, signal: AbortSignal): Promise<string>;
  status(trackingId: string, signal: AbortSignal): Promise<ExportStatus>;
  /**
   * The orders of one file from the `skip`-th on, a few hundred at a time: no more of the file is ever in memory. An
   * export is a picture of the moment it was made, so its orders may be older than what is known by now.
   */
  read(file: string, skip: number, signal: AbortSignal): AsyncIterable<OrderPage>;
}

/** Most ids that one call may name. */
export const ORDER_IDS_MAX = 100;
