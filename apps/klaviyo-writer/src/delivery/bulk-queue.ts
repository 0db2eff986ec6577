import { RetryableError } from '@watertight/service';
import { bulkEntryText } from '../klaviyo/bulk-text.ts';
import { type KlaviyoEvent, ledgerKey } from '../klaviyo/klaviyo-event.ts';
import { packBulk, type Queued, type Written } from './pack-bulk.ts';

/** An event in the queue, and whom to tell what became of it. */
export interface BulkItem extends Queued {
  readonly event: KlaviyoEvent;
  readonly ticket: BulkTicket;
}

/** The same in a request. */
export interface WrittenItem extends BulkItem, Written {
  /** The event as it is sent. */
  readonly text: string;
}

/** What one request carries. */
export interface BulkLoad {
  readonly items: readonly WrittenItem[];
  /** True when the events are claimed already: the rest of a request that was refused. */
  readonly claimed: boolean;
}

/** The events that one slice of a lane has put into the queue. */
export class BulkTicket {
  readonly done: Promise<void>;
  /** Events that Klaviyo may have already: they go on by the single route. */
  readonly repeated: KlaviyoEvent[] = [];
  readonly #open: Set<string>;
  #error: unknown;
  #cancelled = false;
  #resolve: () => void = () => {};

  constructor(keys: Iterable<string>) {
    this.#open = new Set(keys);
    this.done = new Promise((resolve) => (this.#resolve = resolve));
    if (this.#open.size === 0) this.#resolve();
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** The first error of any of its events: not sent, in doubt, or a bug. */
  get error(): unknown {
    return this.#error;
  }

  cancel(): void {
    this.#cancelled = true;
  }

  /** Says what became of one event; the first word on it counts. */
  settle(key: string, error?: unknown): void {
    if (!this.#open.delete(key)) return;
    this.#error ??= error;
    if (this.#open.size === 0) this.#resolve();
  }
}

/** What waits for a bulk request, from all lanes together: full requests even when each lane brings little. */
export class BulkQueue {
  #items: BulkItem[] = [];
  #again: BulkLoad[] = [];

  get size(): number {
    return this.#items.length + this.#again.reduce((sum, { items }) => sum + items.length, 0);
  }

  add(events: readonly KlaviyoEvent[]): BulkTicket {
    const ticket = new BulkTicket(events.map(ledgerKey));
    for (const event of events) {
      this.#items.push({ event, ticket, key: ledgerKey(event) });
    }
    return ticket;
  }

  /** Loads that were refused or held up go before everything else. */
  putBack(loads: readonly BulkLoad[]): void {
    this.#again.unshift(...loads);
  }

  /** The next request, of at most this many events that have never left. */
  take(eventsMax?: number): BulkLoad | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const { load, rest } = packBulk(this.#items, written, eventsMax);
    this.#items = rest;
    return load.length === 0 ? undefined : { items: load, claimed: false };
  }

  /** Takes out what is not on its way yet; returns the loads that hold claims, for the caller to give back. */
  empty(error: unknown): readonly BulkLoad[] {
    for (const { ticket, key } of this.#items) ticket.settle(key, error);
    this.#items = [];
    const held = this.#again;
    this.#again = [];
    return held;
  }

  /** The lane is no longer ours: what waits is not sent for it. */
  cancel(ticket: BulkTicket): void {
    ticket.cancel();
    const gone = this.#items.filter((item) => item.ticket === ticket);
    this.#items = this.#items.filter((item) => item.ticket !== ticket);
    for (const { key } of gone) ticket.settle(key, new RetryableError('stopped before everything was sent'));
  }
}

/** Only now: the queue is long, and a text weighs as much as its event. */
function written(item: BulkItem): WrittenItem {
  const text = bulkEntryText(item.event);
  return { ...item, text, bytes: Buffer.byteLength(text) + COMMA_BYTES };
}

const COMMA_BYTES = 1;
