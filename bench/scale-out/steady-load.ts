import { Topics } from '@watertight/contracts';
import type { GroupLag, TopicPublisher } from '@watertight/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupLook } from '../../tools/chaos/judge-scaling.ts';
import type { BenchContext } from '../bench-context.ts';
import { countsOf } from '../klaviyo-double.ts';
import { factsOf } from '../publish-orders.ts';

const TICK_MS = 100;

/**
 * Publishes facts of orders at an even rate, and between two portions looks at what both groups have dealt with: no
 * record is published while it looks, so that the numbers belong together.
 */
export class SteadyLoad {
  readonly mapperLooks: GroupLook[] = [];
  readonly writerLooks: GroupLook[] = [];
  /** When each order was published, ms since 1970, by its index. */
  readonly publishedMs: number[] = [];
  /** What the orders' dates are reckoned from. */
  readonly now = new Date();
  readonly #context: BenchContext;
  readonly #to: { readonly publisher: TopicPublisher; readonly lag: GroupLag; readonly sandboxUrl: string };
  readonly #ending = new AbortController();
  #facts = 0;

  constructor(
    context: BenchContext,
    to: { readonly publisher: TopicPublisher; readonly lag: GroupLag; readonly sandboxUrl: string },
  ) {
    this.#context = context;
    this.#to = to;
  }

  /** Goes on until `end`; what cannot be published is an error, not a gap in the load. */
  async run(ordersPerS: number): Promise<void> {
    const began = performance.now();
    for (let tick = 1; !this.#ending.signal.aborted; tick += 1) {
      this.#context.signal.throwIfAborted();
      const due = Math.floor((ordersPerS * (performance.now() - began)) / 1_000);
      await this.#publish(due - this.publishedMs.length);
      await this.look();
      await sleep(Math.max(0, began + tick * TICK_MS - performance.now()));
    }
  }

  end(): void {
    this.#ending.abort();
  }

  /** What both groups have dealt with now, and what waits for them. */
  async look(): Promise<void> {
    const { lag, sandboxUrl } = this.#to;
    const [orders, refunds, events, { accepted }] = await Promise.all([
      lag.messages('profile-mapper', Topics.orders.name),
      lag.messages('profile-mapper', Topics.refunds.name),
      lag.messages('klaviyo-writer', Topics.buyerEvents.name),
      countsOf(sandboxUrl),
    ]);
    const atMs = performance.now();
    const waiting = orders + refunds;
    this.mapperLooks.push({ atMs, dealt: this.#facts - waiting, waiting });
    this.writerLooks.push({ atMs, dealt: accepted, waiting: events });
  }

  async #publish(count: number): Promise<void> {
    const from = this.publishedMs.length;
    const messages = Array.from({ length: count }, (_, index) => factsOf(from + index, this.now)).flat();
    if (messages.length === 0) return;
    const publishedMs = Date.now();
    await this.#to.publisher.publish(messages);
    this.#facts += messages.length;
    for (let index = 0; index < count; index += 1) this.publishedMs.push(publishedMs);
  }
}
