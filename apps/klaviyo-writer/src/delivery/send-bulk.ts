import { RetryableError } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import type { KlaviyoEvent } from '../klaviyo/klaviyo-event.ts';
import type { KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';
import type { Permit } from '../limiter/account-limiter.ts';
import { writerMetrics } from '../writer.metrics.ts';
import { attempt, insist, pauseFor } from './attempt.ts';
import { type BulkLoad, BulkQueue, type WrittenItem } from './bulk-queue.ts';
import type { Rejection } from './delivery.store.ts';
import { rejectionOf, type SenderOptions } from './send-singles.ts';
import { splitRejected } from './split-rejected.ts';

/** The load is claimed this long before its slot, so that the slot itself is not spent on the database. */
const PREPARE_MS = 200;
/** More requests than this under way would mean that Klaviyo is slow; then waiting is right. */
const UNDER_WAY_MAX = 8;

/**
 * The bulk route, shared by all lanes of this process. Events are taken from the queue only when a slot has come, so
 * a request carries whatever has gathered meanwhile.
 */
export class SendBulk {
  readonly #queue = new BulkQueue();
  readonly #underWay = new Set<Promise<void>>();
  #pumping = false;

  constructor(private readonly options: SenderOptions) {}

  get queued(): number {
    return this.#queue.size;
  }

  /**
   * Sends events that have never left, and writes down what became of each. Returns those that Klaviyo calls repeats:
   * they are claimed and must go by the single route. Throws RetryableError when some are left: not sent, or in doubt.
   */
  async send(events: readonly KlaviyoEvent[], signal: AbortSignal): Promise<readonly KlaviyoEvent[]> {
    const ticket = this.#queue.add(events);
    const onAbort = (): void => this.#queue.cancel(ticket);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    void this.#pump();
    try {
      await ticket.done;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    if (ticket.error !== undefined) throw ticket.error;
    return ticket.repeated;
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#queue.size > 0) {
        writerMetrics.bulkQueue.set(this.#queue.size);
        const isTry = this.options.limiter.circuitOf('bulk').enter();
        const permit = await this.options.limiter.takeOne('bulk');
        await this.options.limiter.nearly(permit, PREPARE_MS);
        // After an outage one event tries alone: if it has not ended, no more than one is in doubt.
        const load = this.#queue.take(isTry ? 1 : undefined);
        if (load !== undefined) this.#start(load, permit, isTry);
        else if (isTry) this.options.limiter.circuitOf('bulk').leave();
        if (this.#underWay.size >= UNDER_WAY_MAX) await Promise.race(this.#underWay);
      }
    } catch (error) {
      await this.#giveUp(error);
    } finally {
      this.#pumping = false;
      writerMetrics.bulkQueue.set(this.#queue.size);
    }
    // What came in while the last lines ran has found a pump that was about to end.
    if (this.#queue.size > 0) void this.#pump();
  }

  #start(load: BulkLoad, permit: Permit, isTry: boolean): void {
    const run = this.#sendLoad(load, permit)
      .catch((error: unknown) => {
        settleAll(load.items, error);
      })
      .finally(() => {
        if (isTry) this.options.limiter.circuitOf('bulk').leave();
        this.#underWay.delete(run);
      });
    this.#underWay.add(run);
  }

  async #sendLoad(load: BulkLoad, permit: Permit): Promise<void> {
    const items = load.claimed ? await this.#withoutCancelled(load.items) : await this.#claim(load.items);
    if (items.length === 0) return;
    const { limiter, client, store, clock, lookAfterMs } = this.options;
    let current = permit;
    try {
      if (!(await limiter.ready(current))) current = await limiter.waitAgain('bulk');
    } catch (error) {
      await this.#returnUnsent(items, error);
      return;
    }
    const events = items.map(({ event }) => event);
    crashPoint('writer.claimed');
    const result = await attempt(limiter, 'bulk', () =>
      client.bulkCreateEvents(items.map(({ text }) => text)),
    );
    crashPoint('writer.sent');
    if (!result.ok) {
      await this.#onFailure(items, result.failure, current);
      return;
    }
    const now = clock.now();
    await insist(() => store.markAccepted(events, now, new Date(now.getTime() + lookAfterMs)));
    if (result.value.phoneDropped) {
      writerMetrics.phonesDropped.inc({ route: 'bulk' });
      await insist(() => store.noteDroppedPhones(events));
    }
    crashPoint('writer.marked_accepted');
    writerMetrics.events.inc({ route: 'bulk', result: 'accepted' }, events.length);
    settleAll(items);
  }

  async #claim(items: readonly WrittenItem[]): Promise<readonly WrittenItem[]> {
    const { store, clock } = this.options;
    const claimed = await store.claim(
      items.map(({ event }) => event),
      'bulk',
      clock.now(),
    );
    for (const { key, ticket } of items) {
      if (!claimed.has(key))
        ticket.settle(key, new RetryableError('another replica has claimed some of these events'));
    }
    return items.filter(({ key }) => claimed.has(key));
  }

  async #withoutCancelled(items: readonly WrittenItem[]): Promise<readonly WrittenItem[]> {
    const cancelled = items.filter(({ ticket }) => ticket.cancelled);
    if (cancelled.length > 0)
      await this.#returnUnsent(cancelled, new RetryableError('stopped before everything was sent'));
    return items.filter(({ ticket }) => !ticket.cancelled);
  }

  async #onFailure(items: readonly WrittenItem[], failure: KlaviyoFailure, permit: Permit): Promise<void> {
    if (failure.kind === 'rejected') {
      await this.#split(items, failure);
    } else if (failure.kind === 'throttled') {
      await this.options.limiter.freeze(permit, failure.retryAfterMs);
      this.#sendAgain([items]);
    } else {
      const error = pauseFor(failure);
      if (failure.kind === 'unavailable' && failure.mayHaveLeft) await this.#leaveInDoubt(items, error);
      else await this.#returnUnsent(items, error);
      // The next request would meet the same: the lanes pause, and their lag shows it.
      await this.#giveUp(error);
    }
  }

  async #split(
    items: readonly WrittenItem[],
    failure: KlaviyoFailure & { readonly kind: 'rejected' },
  ): Promise<void> {
    const { rejected, repeated, again } = splitRejected(items, failure.problems);
    const rejections = rejected.map(({ item, problem }): Rejection =>
      rejectionOf(item.event, { ...failure, problems: [problem] }),
    );
    await insist(() => this.options.store.markRejected(rejections));
    writerMetrics.events.inc({ route: 'bulk', result: 'rejected' }, rejected.length);
    this.#sendAgain(again);
    for (const { event, ticket } of repeated) ticket.repeated.push(event);
    settleAll(repeated);
    settleAll(rejected.map(({ item }) => item));
  }

  #sendAgain(loads: readonly (readonly WrittenItem[])[]): void {
    this.#queue.putBack(loads.map((items) => ({ items, claimed: true })));
    void this.#pump();
  }

  async #leaveInDoubt(items: readonly WrittenItem[], error: RetryableError): Promise<void> {
    const events = items.map(({ event }) => event);
    await insist(() => this.options.store.markInDoubt(events, error.message));
    writerMetrics.events.inc({ route: 'bulk', result: 'in_doubt' }, events.length);
    settleAll(items, error);
  }

  /** Never throws: a claim that cannot be given back now is taken for one that may have left, which is safe. */
  async #returnUnsent(items: readonly WrittenItem[], error: unknown): Promise<void> {
    try {
      await this.options.store.release(items.map(({ event }) => event));
      settleAll(items, error);
    } catch (releaseError) {
      settleAll(items, releaseError);
    }
  }

  /** Nothing more goes for now: everything that waits is handed back to its lane. */
  async #giveUp(error: unknown): Promise<void> {
    for (const { items } of this.#queue.empty(error)) await this.#returnUnsent(items, error);
  }
}

function settleAll(items: readonly WrittenItem[], error?: unknown): void {
  for (const { ticket, key } of items) ticket.settle(key, error);
}
