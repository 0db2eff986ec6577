import { createBasket } from './create-order.ts';
import { takeStep } from './live-an-order.ts';
import { planLife, type LifeStep } from './life-plan.ts';
import type { Marketplace } from './marketplace.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { TradeOrder } from './trade-order.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long each step took in the past, in hours: least and most. */
const stepHours: Readonly<Record<LifeStep['do'], readonly [least: number, most: number]>> = {
  await_acceptance: [0.02, 0.3],
  accept: [0.1, 18],
  accept_partly: [0.1, 18],
  refuse: [0.1, 47],
  debit: [0.05, 3],
  ship: [4, 60],
  collect: [20, 70],
  receive: [12, 96],
  fulfil_by_operator: [0.05, 0.5],
  cancel: [0.2, 20],
  cancel_part: [0.2, 10],
  refund: [12, 200],
  advance_refund: [6, 72],
  open_return: [24, 200],
  advance_return: [20, 90],
  close: [200, 400],
};

export interface HistorySpan {
  readonly orders: number;
  readonly days: number;
  readonly endMs: number;
}

/** An order of the history that has not come to its end, with what is still to happen to it. */
export interface UnfinishedLife {
  readonly marketplace: Marketplace;
  readonly order: TradeOrder;
  readonly steps: readonly LifeStep[];
}

/** Fills a marketplace with its past, oldest order first, each as far in its life as it would be at the end. */
export function createHistory(marketplace: Marketplace, span: HistorySpan): readonly UnfinishedLife[] {
  const { profile, seed } = marketplace;
  const random = new SeededRandom(seed, 'history', profile.id);
  const startMs = span.endMs - span.days * dayMs;
  const unfinished: UnfinishedLife[] = [];
  let made = 0;
  let createdMs = startMs;
  while (made < span.orders) {
    // Now and then two baskets share a second, so that sorting by date alone would not do.
    if (!random.chance(0.04)) {
      createdMs = startMs + ((made + random.next()) / span.orders) * (span.endMs - startMs);
    }
    const basket = createBasket(marketplace, { createdMs, pool: span.orders, room: span.orders - made });
    for (const order of basket) {
      const steps = liveUntil(marketplace, order, span.endMs);
      if (steps.length > 0) unfinished.push({ marketplace, order, steps });
    }
    made += basket.length;
  }
  return unfinished;
}

/** Takes all steps that lie before the end, and returns those that do not. */
function liveUntil(marketplace: Marketplace, order: TradeOrder, endMs: number): readonly LifeStep[] {
  const random = new SeededRandom(marketplace.seed, 'life', marketplace.profile.id, order.sequence);
  const plan = lifeOf(order, random);
  let atMs = order.createdMs;
  for (const [index, step] of plan.entries()) {
    const [least, most] = stepHours[step.do];
    atMs += Math.round((least + (most - least) * random.next()) * hourMs);
    if (step.do === 'close') atMs = nextNight(atMs);
    if (atMs >= endMs) return plan.slice(index);
    takeStep({ marketplace, order, random, atMs }, step);
  }
  return [];
}

/** An order that starts in STAGING waits for the operator's check before the rest of its life. */
export function lifeOf(order: TradeOrder, random: SeededRandom): readonly LifeStep[] {
  const plan = planLife(random);
  return order.state === 'STAGING' ? [{ do: 'await_acceptance' }, ...plan] : plan;
}

/** The nightly batch closes all orders of a day in one second: 23:00:01 UTC. */
function nextNight(atMs: number): number {
  const night = Math.floor(atMs / dayMs) * dayMs + 23 * hourMs + 1000;
  return night >= atMs ? night : night + dayMs;
}
