import { createBasket } from './create-order.ts';
import { DueQueue } from '../due-queue.ts';
import { lifeOf, type UnfinishedLife } from './history.ts';
import { takeStep } from './live-an-order.ts';
import type { LifeStep } from './life-plan.ts';
import type { Marketplace } from './marketplace.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { TradeOrder } from './trade-order.ts';

export interface LivePace {
  /** New orders per minute over all marketplaces; 0 = none. */
  readonly ordersPerMinute: number;
  /** 1: a stage of an order's life takes 5 to 20 seconds; 10: a tenth of it. */
  readonly lifeSpeed: number;
}

interface LivingOrder {
  readonly marketplace: Marketplace;
  readonly order: TradeOrder;
  readonly random: SeededRandom;
  readonly steps: readonly LifeStep[];
  readonly next: number;
}

const stageLeastMs = 5_000;
const stageMostMs = 20_000;

/** Orders that the past left unfinished go on over this long, so that they do not all move at once. */
const pastSpreadMs = 600_000;

/** Trade that goes on while you watch: new orders come in, and orders live on. Driven by `tick`, no timer inside. */
export class LiveTrade {
  private readonly random: SeededRandom;
  private readonly queue = new DueQueue<LivingOrder>();
  private unfinished: readonly UnfinishedLife[] = [];
  private nextOrderMs: number | undefined;
  private frozen = false;

  constructor(
    private readonly marketplaces: () => readonly Marketplace[],
    seed: number,
    private pace: LivePace,
  ) {
    this.random = new SeededRandom(seed, 'live');
  }

  /** Hands over the lives that the history left open; they go on as soon as there is live trade. */
  takeOver(unfinished: readonly UnfinishedLife[]): void {
    this.unfinished = [...this.unfinished, ...unfinished];
  }

  /** With 0 orders per minute, orders that already live on still come to their end, unless frozen. */
  setPace(pace: Partial<LivePace>, frozen: boolean): void {
    this.pace = { ...this.pace, ...pace };
    this.frozen = frozen;
    this.nextOrderMs = undefined;
  }

  get state(): LivePace & { readonly frozen: boolean; readonly living: number } {
    return { ...this.pace, frozen: this.frozen, living: this.queue.length };
  }

  /** Does everything that is due. Safe to call as often as one likes. */
  tick(nowMs: number): void {
    if (this.frozen) return;
    this.createDueOrders(nowMs);
    for (let due = this.queue.takeDue(nowMs); due; due = this.queue.takeDue(nowMs)) {
      const { marketplace, order, random, steps, next } = due.item;
      const step = steps[next];
      if (!step) continue;
      takeStep({ marketplace, order, random, atMs: nowMs }, step);
      this.schedule({ ...due.item, next: next + 1 }, nowMs);
    }
  }

  private createDueOrders(nowMs: number): void {
    if (this.pace.ordersPerMinute <= 0) return;
    this.wakeUnfinished(nowMs);
    this.nextOrderMs ??= nowMs + this.gapMs();
    while (this.nextOrderMs <= nowMs) {
      this.createOne(nowMs);
      this.nextOrderMs += this.gapMs();
    }
  }

  private createOne(nowMs: number): void {
    const marketplace = this.pickMarketplace();
    if (!marketplace) return;
    const pool = marketplace.orders.length + 20;
    for (const order of createBasket(marketplace, { createdMs: nowMs, pool, room: 2 })) {
      const random = new SeededRandom(marketplace.seed, 'life', marketplace.profile.id, order.sequence);
      this.schedule({ marketplace, order, random, steps: lifeOf(order, random), next: 0 }, nowMs);
    }
  }

  private wakeUnfinished(nowMs: number): void {
    for (const { marketplace, order, steps } of this.unfinished) {
      const random = new SeededRandom(
        marketplace.seed,
        'rest of life',
        marketplace.profile.id,
        order.sequence,
      );
      const wakesMs = nowMs + (random.next() * pastSpreadMs) / this.pace.lifeSpeed;
      this.queue.add(wakesMs, { marketplace, order, random, steps, next: 0 });
    }
    this.unfinished = [];
  }

  private schedule(living: LivingOrder, nowMs: number): void {
    if (living.next >= living.steps.length) return;
    const stageMs = stageLeastMs + (stageMostMs - stageLeastMs) * living.random.next();
    this.queue.add(nowMs + stageMs / this.pace.lifeSpeed, living);
  }

  /** Marketplaces get new orders by their share of the trade. */
  private pickMarketplace(): Marketplace | undefined {
    const trading = this.marketplaces().filter(({ profile }) => profile.tradeShare > 0);
    const total = trading.reduce((sum, { profile }) => sum + profile.tradeShare, 0);
    let drawn = this.random.next() * total;
    return trading.find(({ profile }) => (drawn -= profile.tradeShare) < 0) ?? trading.at(-1);
  }

  /** Arrivals are irregular, but none is further away than three times the mean. */
  private gapMs(): number {
    const meanMs = 60_000 / this.pace.ordersPerMinute;
    return meanMs * Math.min(3, -Math.log(1 - this.random.next()));
  }
}
