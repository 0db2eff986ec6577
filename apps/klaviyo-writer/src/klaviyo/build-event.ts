import type { BuyerEvent, BuyerEventLine, WireMoney } from '@watertight/contracts';
import type { MarketplacesPolicy, MetricNames } from '@watertight/marketplaces';
import { buildProfile } from './build-profile.ts';
import type { JsonObject, JsonValue, KlaviyoEvent } from './klaviyo-event.ts';

export interface BuildContext {
  readonly policy: MarketplacesPolicy;
  readonly now: Date;
}

/** Klaviyo takes arrays of at most 4,000 items. */
const ITEMS_MAX = 4_000;

const metricOf: Readonly<Record<BuyerEvent['type'], Exclude<keyof MetricNames, 'orderedProduct'>>> = {
  'order.placed': 'placed',
  'order.fulfilled': 'fulfilled',
  'order.cancelled': 'cancelled',
  'order.refunded': 'refunded',
  'order.returned': 'returned',
};

/** What the change of an order is called in its properties. */
const changeIdOf: Readonly<Partial<Record<BuyerEvent['type'], { id: string; total: string }>>> = {
  'order.cancelled': { id: 'CancellationId', total: 'CancelledTotalToDate' },
  'order.refunded': { id: 'RefundId', total: 'RefundTotalToDate' },
  'order.returned': { id: 'ReturnId', total: 'ReturnedTotalToDate' },
};

/**
 * The Klaviyo events of a buyer event: `Placed Order` with one `Ordered Product` per line, or the one event of what
 * happened later. All carry the address; the first also carries the profile, and `withoutProfile` takes it away.
 */
export function buildKlaviyoEvents(event: BuyerEvent, context: BuildContext): readonly KlaviyoEvent[] {
  const { metrics, backfillAfterMs } = context.policy.klaviyo;
  const occurredAt = new Date(event.occurredAt);
  const shared = {
    eventId: event.eventId,
    buyerId: event.buyerId,
    occurredAt,
    backfill: context.now.getTime() - occurredAt.getTime() > backfillAfterMs,
  };
  const first: KlaviyoEvent = {
    ...shared,
    metric: metrics[metricOf[event.type]],
    uniqueId: event.eventId,
    value: valueOf(event.amountReporting),
    properties: orderProperties(event, context.policy),
    profile: buildProfile(event.contact.email, event.profile),
    profileVersion: event.profile.version,
  };
  if (event.type !== 'order.placed') return [first];
  const lines = event.order.lines.map((line): KlaviyoEvent => ({
    ...shared,
    metric: metrics.orderedProduct,
    uniqueId: line.eventId,
    value: valueOf(line.amountReporting),
    properties: { ...itemProperties(line), ...identification(event, context.policy) },
    profile: { email: event.contact.email },
    profileVersion: null,
  }));
  return [first, ...lines];
}

/** The same event naming its profile only: for when a newer version of the profile has been sent. */
export function withoutProfile(event: KlaviyoEvent): KlaviyoEvent {
  return event.profileVersion === null
    ? event
    : { ...event, profile: { email: event.profile.email }, profileVersion: null };
}

function valueOf(reporting: WireMoney | null): KlaviyoEvent['value'] {
  // The one place where money becomes a float: Klaviyo takes nothing else.
  return reporting === null ? null : { amount: Number(reporting.amount), currency: reporting.currency };
}

/** On every event, so that marketers can filter any metric by it. */
function identification(event: BuyerEvent, policy: MarketplacesPolicy): JsonObject {
  const marketplace = policy.marketplaces.find(({ id }) => id === event.marketplaceId);
  return {
    OrderId: event.orderId,
    Marketplace: marketplace?.name ?? event.marketplaceId,
    MarketplaceId: event.marketplaceId,
    Channel: event.channel,
    ...present({ Country: event.country }),
  };
}

function orderProperties(event: BuyerEvent, policy: MarketplacesPolicy): JsonObject {
  const lines = affectedLines(event).slice(0, ITEMS_MAX);
  const standard: JsonObject = {
    ...identification(event, policy),
    OrderState: event.order.state,
    ItemNames: distinct(lines.map(({ title }) => title)),
    SKUs: distinct(lines.map(({ sku }) => sku)),
    Categories: distinct(lines.map(({ category }) => category)),
    ItemCount: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    Items: lines.map(itemProperties),
    ...original(event.amount),
    ...changeProperties(event),
    $extra: extra(event),
  };
  // Mapped attributes come first, so that none can replace a property that flows rely on.
  return { ...event.attributes, ...standard };
}

function changeProperties(event: BuyerEvent): JsonObject {
  const names = changeIdOf[event.type];
  if (names === undefined || event.change === null) return {};
  const { id, quantity, reasonCode, runningTotal } = event.change;
  return {
    [names.id]: id,
    ...present({ Reason: reasonCode, Quantity: quantity }),
    ...(runningTotal === null ? {} : { [names.total]: Number(runningTotal.amount) }),
  };
}

/** Nested detail: of use in templates, not in segments. */
function extra(event: BuyerEvent): JsonObject {
  return {
    EventId: event.eventId,
    OrderKey: event.orderKey,
    ContactSource: event.contact.source,
    Order: {
      PlacedAt: event.order.placedAt,
      ...present({ CommercialId: event.commercialId }),
      ...original(event.order.amount),
    },
    ...(event.change === null ? {} : { Change: { ...present({ LineId: event.change.lineId }) } }),
  };
}

function affectedLines(event: BuyerEvent): readonly BuyerEventLine[] {
  const lineId = event.change?.lineId ?? null;
  const named = event.order.lines.filter((line) => line.lineId === lineId);
  return named.length > 0 ? named : event.order.lines;
}

function itemProperties(line: BuyerEventLine): JsonObject {
  return {
    ...line.attributes,
    LineId: line.lineId,
    Quantity: line.quantity,
    ...present({
      // A catalogue matches by the id it was loaded with: the seller's own.
      ProductID: line.sku ?? line.productSku,
      SKU: line.sku,
      OperatorSKU: line.productSku,
      ProductName: line.title,
      ImageURL: line.imageUrl,
    }),
    ...(line.category === null ? {} : { Categories: [line.category] }),
    ...(line.unitPrice === null ? {} : { ItemPrice: Number(line.unitPrice.amount) }),
    ...(line.amount === null ? {} : { RowTotal: Number(line.amount.amount), Currency: line.amount.currency }),
  };
}

/** The amount as the buyer saw it; `value` is in the reporting currency. */
function original(amount: WireMoney | null): JsonObject {
  return amount === null ? {} : { OriginalAmount: Number(amount.amount), OriginalCurrency: amount.currency };
}

function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function distinct(values: readonly (string | null)[]): readonly JsonValue[] {
  return [...new Set(values.filter((value) => value !== null))];
}
