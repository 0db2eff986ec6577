import { addMoney, fromWire, money, toWire, type WireMoney } from '@watertight/contracts';
import type { SourceOrder } from '../capture/normalised-order.ts';

/** What a backfill has seen so far. */
export interface Tally {
  readonly seen: number;
  /** Orders that were new or had changed. */
  readonly published: number;
  /** Minor units per currency. */
  readonly money: Readonly<Record<string, number>>;
  /** Buyer events that the orders will make, about. */
  readonly events: number;
}

export const EMPTY_TALLY: Tally = { seen: 0, published: 0, money: {}, events: 0 };

/** Klaviyo's bulk limit: 150 requests a minute of 1,000 events (its documentation of bulk event jobs). */
const KLAVIYO_EVENTS_PER_SECOND = 2_500;

const FULFILLED: readonly string[] = ['SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED', 'DELIVERED'];
const NO_SALE: readonly string[] = ['REFUSED', 'STAGING', 'WAITING_ACCEPTANCE'];

/** The tally with more orders in it. Pure. */
export function addToTally(tally: Tally, orders: readonly SourceOrder[], published: number): Tally {
  const sums = new Map(Object.entries(tally.money));
  for (const order of orders) {
    if (order.kind === 'unreadable' || order.order.amount === null) continue;
    const { currency } = order.order.amount;
    const sum = addMoney(money(sums.get(currency) ?? 0, currency), fromWire(order.order.amount));
    sums.set(currency, sum.minor);
  }
  return {
    seen: tally.seen + orders.length,
    published: tally.published + published,
    money: Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1))),
    events: tally.events + orders.reduce((sum, order) => sum + eventsOf(order), 0),
  };
}

export function moneyOf(tally: Tally): WireMoney[] {
  return Object.entries(tally.money).map(([currency, minor]) => toWire(money(minor, currency)));
}

/** Seconds that Klaviyo needs for all orders, as far as those seen are like the rest. Null before any was seen. Pure. */
export function klaviyoSeconds({ events, seen }: Tally, ordersTotal: number | null): number | null {
  if (seen === 0) return ordersTotal === 0 ? 0 : null;
  const all = (events / seen) * Math.max(ordersTotal ?? seen, seen);
  return Math.ceil(all / KLAVIYO_EVENTS_PER_SECOND);
}

/** Placed, one for each line, fulfilled, and one for each refund paid, cancelation and return. */
function eventsOf(order: SourceOrder): number {
  if (order.kind === 'unreadable' || NO_SALE.includes(order.order.state)) return 0;
  const changes = order.refunds.filter(({ final }) => final).length;
  return 1 + order.order.lines.length + (FULFILLED.includes(order.order.state) ? 1 : 0) + changes;
}
