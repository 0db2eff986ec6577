import type { OrderFact, RefundFact } from '@watertight/contracts';
import type { ReceivedMessage } from '@watertight/kafka';
import { absorbClaim, absorbOrderFact, absorbRefundFact, type Absorbed } from './facts/absorb-facts.ts';
import type { ClaimToSave } from './facts/facts.store.ts';
import type { StoredOrder } from './facts/stored-order.ts';
import type { Traces } from './messages.ts';

/** What a batch brings, sorted by what it is about. */
export interface Work {
  readonly orders: readonly OrderFact[];
  readonly refunds: readonly RefundFact[];
  /** Orders of which a fact came that cannot be worked with, and why. */
  readonly rejected: ReadonlyMap<string, string>;
  readonly claims: readonly ClaimToSave[];
  /** Orders that a person wants to be worked on, and published, once more. */
  readonly replays: readonly string[];
  /** Orders to judge again by the policy as it is now; only what is new is published. */
  readonly again: readonly string[];
  /** Buyers whose profile is to be built again. */
  readonly buyers: readonly string[];
  /** Marketplaces whose held orders a person wants judged again. */
  readonly reevaluations: readonly string[];
  /** Buyers to forget. */
  readonly erasures: readonly string[];
  readonly traces: Traces;
}

/** Work from its parts; the traces come from the messages' headers. */
export function workOf(parts: Partial<Work>, messages: readonly ReceivedMessage<unknown>[]): Work {
  const traces = new Map<string, string>();
  for (const { key, headers } of messages) {
    if (headers['traceparent'] !== undefined) traces.set(key, headers['traceparent']);
  }
  return {
    orders: [],
    refunds: [],
    rejected: new Map(),
    claims: [],
    replays: [],
    again: [],
    buyers: [],
    reevaluations: [],
    erasures: [],
    traces,
    ...parts,
  };
}

/** Every order that the work touches, each once. */
export function orderKeysOf(work: Work): readonly string[] {
  const facts = [...work.orders, ...work.refunds, ...work.claims].map(({ orderKey }) => orderKey);
  return [...new Set([...facts, ...work.rejected.keys(), ...work.replays, ...work.again])];
}

export interface AbsorbedOrder {
  readonly stored: StoredOrder;
  readonly absorbed: Absorbed;
}

/** Adds the facts, claims and wishes of a batch to the orders that they are about, in the order in which they came. */
export function absorbWork(stored: readonly StoredOrder[], work: Work): AbsorbedOrder[] {
  const absorbed = new Map(stored.map((order) => [order.orderKey, { order, repeated: false }]));
  const change = (orderKey: string, step: (before: Absorbed) => Absorbed): void => {
    const before = absorbed.get(orderKey);
    if (before === undefined) throw new Error('a fact of an order that was not locked');
    absorbed.set(orderKey, step(before));
  };
  for (const fact of work.orders) change(fact.orderKey, (before) => absorbOrderFact(before, fact));
  for (const fact of work.refunds) change(fact.orderKey, (before) => absorbRefundFact(before, fact));
  for (const { orderKey, claim } of work.claims) change(orderKey, (before) => absorbClaim(before, claim));
  for (const orderKey of work.replays) change(orderKey, ({ order }) => ({ order, repeated: true }));
  return stored.map((order) => ({
    stored: order,
    absorbed: absorbed.get(order.orderKey) ?? { order, repeated: false },
  }));
}
