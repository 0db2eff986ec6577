import type { Json, JsonObject } from '../http/json.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { toAmountNumber, toAmountText } from '../trade/amounts.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { notRefunded } from '../trade/refunds.ts';
import type { StoredOrder } from '../trade/trade-order.ts';
import { meaningOf, type OrderMeaning } from './order-meaning.ts';
import { worthOf, type OrderWorth } from './order-truth.ts';

export interface TruthSpan {
  /** Only orders created at or after this time, in milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The whole truth, counted by the sandbox's own code: what a balance must come out at. */
export function truth(state: SandboxState, span: TruthSpan): JsonObject {
  const tallies = [...state.marketplaces.values()].map(
    (marketplace) => [marketplace.profile.id, tally(marketplace, span)] as const,
  );
  const totals = new Sum();
  for (const [, each] of tallies) totals.addAll(each.all);
  const { klaviyo } = state;
  return {
    mirakl: Object.fromEntries(tallies.map(([id, each]) => [id, each.toJson()])),
    totals: totals.toJson(),
    klaviyo: {
      ...klaviyo.counts,
      pending: klaviyo.pendingCount,
      byMetric: Object.fromEntries(klaviyo.metrics.metrics.map((metric) => [metric.name, metric.count])),
      profiles: klaviyo.profiles.profiles.filter(
        (profile) => !profile.erased && profile.visibleMs <= state.clock.now(),
      ).length,
      requests: Object.fromEntries(klaviyo.requests),
      statuses: Object.fromEntries(klaviyo.statuses),
      forbidden: klaviyo.forbidden.map(({ method, path }) => `${method} ${path}`),
    },
    live: { ...state.trade.state },
    faults: state.faults.list.map((fault) => ({ ...fault })),
  };
}

/** Orders and their money by currency. */
class Sum {
  orders = 0;
  private readonly minors = new Map<string, number>();

  addOrder({ currency, minor }: OrderWorth): void {
    this.orders += 1;
    if (minor !== null) this.addMoney(currency, minor);
  }

  private addMoney(currency: string, minor: number): void {
    this.minors.set(currency, (this.minors.get(currency) ?? 0) + minor);
  }

  addAll(other: Sum): void {
    this.orders += other.orders;
    for (const [currency, minor] of other.minors) this.addMoney(currency, minor);
  }

  toJson(): JsonObject {
    const money = [...this.minors].map(([currency, minor]) => [currency, toAmountText(minor, currency)]);
    return { orders: this.orders, money: Object.fromEntries(money) };
  }
}

/** What one marketplace holds, as a whole, by state and by what each order ought to become. */
class Tally {
  readonly all = new Sum();
  private unreadable = 0;
  private readonly states = new Map<string, number>();
  private readonly meanings = new Map<OrderMeaning, Sum>();

  add(order: StoredOrder, meaning: OrderMeaning, worth: OrderWorth): void {
    const sum = this.meanings.get(meaning) ?? new Sum();
    this.meanings.set(meaning, sum);
    sum.addOrder(worth);
    this.all.addOrder(worth);
    this.states.set(order.state, (this.states.get(order.state) ?? 0) + 1);
    if (worth.minor === null) this.unreadable += 1;
  }

  toJson(): Json {
    const byMeaning = [...this.meanings].map(([meaning, sum]) => [meaning, sum.toJson()]);
    return {
      ...this.all.toJson(),
      byState: Object.fromEntries(this.states),
      byMeaning: Object.fromEntries(byMeaning),
      unreadable: this.unreadable,
    };
  }
}

function tally(marketplace: Marketplace, span: TruthSpan): Tally {
  const result = new Tally();
  for (const order of marketplace.orders) {
    if (order.createdMs < span.fromMs || order.createdMs > span.toMs) continue;
    result.add(order, meaningOf(marketplace, order), worthOf(marketplace, order));
  }
  return result;
}

/** Each order with its state, worth, contact and refunds, as the sandbox knows them. */
export function ordersTruth(marketplace: Marketplace, orders: readonly StoredOrder[]): Json {
  return orders.map((order) => {
    const { currency, minor } = worthOf(marketplace, order);
    const base = {
      orderId: order.orderId,
      kind: order.kind,
      state: order.state,
      created: new Date(order.createdMs).toISOString(),
      updated: new Date(order.updatedMs).toISOString(),
      hidden: order.hidden,
      currency,
      amount: minor === null ? null : toAmountText(minor, currency),
    };
    if (order.kind === 'raw') return base;
    const contact = marketplace.contactOf(order);
    return {
      ...base,
      commercialId: order.commercialId,
      accepted: order.acceptedMs !== null,
      meaning: meaningOf(marketplace, order),
      contact: { kind: contact.kind, email: contact.email },
      lines: order.lines.map((line, index) => ({
        lineId: `${order.orderId}-${index + 1}`,
        state: line.state,
        quantity: line.quantity,
        price: toAmountNumber(line.price, currency),
        notRefunded: toAmountNumber(notRefunded(line).amount, currency),
        refunds: line.refunds.map(({ id, state, amount, shippingAmount, quantity }) => ({
          id,
          state,
          amount: toAmountText(amount, currency),
          shippingAmount: toAmountText(shippingAmount, currency),
          quantity,
        })),
        cancelations: line.cancelations.map(({ id, amount, shippingAmount, quantity }) => ({
          id,
          amount: toAmountText(amount, currency),
          shippingAmount: toAmountText(shippingAmount, currency),
          quantity,
        })),
      })),
      returns: order.returns.map(({ id, state, quantity }) => ({ id, state, quantity })),
    };
  });
}
