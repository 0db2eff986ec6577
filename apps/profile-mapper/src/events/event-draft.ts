import {
  type Attributes,
  type BuyerEvent,
  eventIds,
  type Money,
  toWire,
  type WireMoney,
} from '@watertight/contracts';
import type { AppliedAttributes, MarketplacePolicy } from '@watertight/marketplaces';
import type { OrderBuyer } from '../facts/stored-order.ts';
import { type Rates, toReporting, wireToReporting } from '../money/reporting.ts';
import { type KnownOrder, type OrderedLine, orderedLines, worthOf } from './order-worth.ts';

/** A buyer event without what is only known when it leaves: the buyer's profile and the time. */
export type EventDraft = Omit<BuyerEvent, 'profile' | 'publishedAt'>;

export type DeliverPolicy = BuyerEvent['deliver'];

/** What the events of one order are built from. */
export interface EventContext extends EventInput {
  /** What was ordered, computed once for all events of the order. */
  readonly worth: Money | null;
  readonly lines: readonly EventLine[];
}

type EventLine = EventDraft['order']['lines'][number];

export interface EventInput {
  readonly order: KnownOrder;
  readonly buyer: OrderBuyer;
  readonly marketplace: Pick<MarketplacePolicy, 'channel'>;
  readonly deliver: DeliverPolicy;
  readonly rates: Rates;
  readonly attributes: AppliedAttributes;
}

export interface Happening {
  readonly eventId: string;
  readonly type: BuyerEvent['type'];
  readonly occurredAt: string;
  readonly amount: Money | null;
  readonly change: BuyerEvent['change'];
}

export function eventContext(input: EventInput): EventContext {
  const { order, rates, attributes } = input;
  const lines = orderedLines(order).map((line) => ({
    ...eventLine(order.orderKey, line, rates),
    ...named(attributes.lines.get(line.line.lineId)),
  }));
  return { ...input, worth: worthOf(order), lines };
}

/** The draft of what happened. A change of one line carries that line, anything else all of them. */
export function draftEvent(context: EventContext, happening: Happening): EventDraft {
  const { buyer, marketplace, deliver, rates, attributes, worth, lines } = context;
  const { fact } = context.order;
  const { eventId, type, occurredAt, amount, change } = happening;
  const changed = change?.lineId == null ? [] : lines.filter(({ lineId }) => lineId === change.lineId);
  return {
    eventId,
    type,
    orderKey: fact.orderKey,
    marketplaceId: fact.marketplaceId,
    orderId: fact.orderId,
    commercialId: fact.commercialId,
    buyerId: buyer.buyerId,
    occurredAt,
    channel: marketplace.channel,
    country: buyer.person.country,
    amount: wire(amount),
    amountReporting: amount === null ? null : wire(toReporting(amount, rates) ?? null),
    order: {
      state: fact.state,
      placedAt: fact.createdAt,
      amount: wire(worth),
      lines: changed.length > 0 ? changed : [...lines],
    },
    change,
    contact: { email: buyer.email, class: buyer.class, source: buyer.source },
    deliver,
    ...named(attributes.event),
  };
}

/** Left out where a mapping gives nothing. */
function named(attributes: Attributes | undefined): { readonly attributes?: Attributes } {
  return attributes === undefined || Object.keys(attributes).length === 0 ? {} : { attributes };
}

function eventLine(orderKey: string, { line, quantity, amount }: OrderedLine, rates: Rates): EventLine {
  return {
    eventId: eventIds.line(orderKey, line.lineId),
    lineId: line.lineId,
    sku: line.sku,
    productSku: line.productSku,
    title: line.title,
    category: line.categoryLabel,
    quantity,
    unitPrice: line.unitPrice,
    amount,
    amountReporting: wireToReporting(amount, rates),
    imageUrl: line.imageUrl,
  };
}

function wire(amount: Money | null): WireMoney | null {
  return amount === null ? null : toWire(amount);
}
