import { type Attributes, fromWire, type WireMoney } from '@watertight/contracts';
import type { EventDraft } from '../events/event-draft.ts';
import { happenedAt, paidRefundsOf, receivedReturnsOf } from '../events/build-refund-events.ts';
import { cancelationsOf, type KnownOrder, type OrderedLine, orderedLines } from '../events/order-worth.ts';

/**
 * What one sale adds to its buyer's aggregates. Money in minor units of the reporting currency; what has no rate is
 * left out, and then `complete` is false.
 */
export interface OrderFigures {
  readonly placedAt: string;
  readonly grossMinor: number | null;
  readonly refundedMinor: number;
  readonly cancelledMinor: number;
  readonly complete: boolean;
  readonly channel: string;
  readonly country: string | null;
  readonly skus: readonly string[];
  readonly productTitles: readonly string[];
  readonly refundedSkus: readonly string[];
  readonly lastRefundAt: string | null;
  readonly lastCancelAt: string | null;
  readonly reviewRequestAllowed: boolean;
  /** Properties that the attribute mapping gives to the profile. */
  readonly attributes: Attributes;
}

/** Longer texts are cut, so that a profile with 200 of each stays far below the size of a message. */
const SKU_MAX_LENGTH = 200;
const TITLE_MAX_LENGTH = 300;

/** The figures of a sale, from its facts and the buyer events they give. */
export function orderFigures(
  order: KnownOrder,
  drafts: readonly EventDraft[],
  { cancelled }: { readonly cancelled: boolean },
): Omit<OrderFigures, 'attributes'> {
  const ofType = (type: EventDraft['type']) => drafts.filter((draft) => draft.type === type);
  const [placed, refunded, cancelledEvents] = [
    ofType('order.placed')[0],
    ofType('order.refunded'),
    ofType('order.cancelled'),
  ];
  const grossMinor = minorOf(placed?.amountReporting ?? null);
  const counted = cancelled ? refunded : [...refunded, ...cancelledEvents];
  const bought = cancelled ? [] : orderedLines(order).filter(isStillOrdered);
  return {
    placedAt: order.fact.createdAt,
    grossMinor,
    refundedMinor: sumOf(refunded),
    // Of an order that was cancelled as a whole nothing is left, also after rounding each part.
    cancelledMinor: cancelled ? (grossMinor ?? 0) : sumOf(cancelledEvents),
    complete: grossMinor !== null && counted.every((event) => event.amountReporting !== null),
    channel: placed?.channel ?? '',
    country: placed?.country ?? null,
    skus: unique(bought.map(skuOf), SKU_MAX_LENGTH),
    productTitles: unique(
      bought.map(({ line }) => line.title),
      TITLE_MAX_LENGTH,
    ),
    refundedSkus: unique(refundedLines(order).map(skuOf), SKU_MAX_LENGTH),
    lastRefundAt: latest(paidRefundsOf(order).map(({ fact }) => happenedAt(fact))),
    lastCancelAt: latest(cancelTimes(order, cancelled)),
    reviewRequestAllowed: !cancelled && order.memory.history.fulfilledAt !== null && isUntouched(order),
  };
}

/** True when an amount is there that has no rate into the reporting currency. */
export function lacksRate(drafts: readonly EventDraft[]): boolean {
  return drafts.some((draft) => draft.amount !== null && draft.amountReporting === null);
}

/** A refund or return that is only asked for counts too: its buyer is not in the mood for a review request. */
function isUntouched(order: KnownOrder): boolean {
  const received = receivedReturnsOf(order);
  return order.changes.every(
    (change) => change.fact.kind === 'return' && change.fact.final && !received.includes(change),
  );
}

/** From the facts and not from the events: which events tell of a cancelation depends on which fact came first. */
function cancelTimes(order: KnownOrder, cancelled: boolean): readonly string[] {
  const ended = cancelled ? [order.memory.history.cancelledAt ?? order.fact.updatedAt] : [];
  return [...cancelationsOf(order).map(({ fact }) => fact.createdAt), ...ended];
}

function isStillOrdered({ line }: OrderedLine): boolean {
  return line.state !== 'CANCELED' && line.quantity > 0;
}

function refundedLines(order: KnownOrder): readonly OrderedLine[] {
  const refunded = new Set(paidRefundsOf(order).map(({ fact }) => fact.lineId));
  return orderedLines(order).filter(({ line }) => refunded.has(line.lineId));
}

function skuOf({ line }: OrderedLine): string | null {
  return line.sku ?? line.productSku;
}

function unique(texts: readonly (string | null)[], lengthMax: number): readonly string[] {
  const kept = texts.flatMap((text) => {
    const storable = text?.replaceAll('\u0000', '').slice(0, lengthMax).toWellFormed() ?? '';
    return storable === '' ? [] : [storable];
  });
  return [...new Set(kept)].sort();
}

function minorOf(amount: WireMoney | null): number | null {
  return amount === null ? null : fromWire(amount).minor;
}

function sumOf(events: readonly EventDraft[]): number {
  return events.reduce((sum, { amountReporting }) => sum + (minorOf(amountReporting) ?? 0), 0);
}

function latest(times: readonly string[]): string | null {
  return times.reduce<string | null>(
    (last, time) => (last === null || Date.parse(time) > Date.parse(last) ? time : last),
    null,
  );
}
