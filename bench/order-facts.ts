import { createHash } from 'node:crypto';
import {
  type OrderFact,
  orderKeyOf,
  type RefundFact,
  refundFactId,
  type WireMoney,
} from '@watertight/contracts';
import { BENCH_MARKETPLACE } from './buyer-events.ts';

const eur = (amount: string): WireMoney => ({ amount, currency: 'EUR' });
const DAY_MS = 86_400_000;

/** Every fourth order is refunded in part. */
export const ORDERS_PER_REFUND = 4;

/** Buyer events of the first `orders` orders: each was placed and fulfilled, some were refunded. */
export function eventsOf(orders: number): number {
  return 2 * orders + Math.floor((orders - 1) / ORDERS_PER_REFUND) + 1;
}

/**
 * A received order of two lines with the additional fields that marketplaces add: about what an average message of
 * `mirakl.orders.v1` weighs. Seven orders per buyer, spread over a year before `now`.
 */
export function receivedOrder(index: number, now: Date): OrderFact {
  const orderId = `B-${index}`;
  const buyer = Math.floor(index / 7);
  const createdMs = now.getTime() - DAY_MS - ((index * 7_919) % 31_000_000) * 1_000;
  const at = (afterMs: number): string =>
    new Date(Math.floor((createdMs + afterMs) / 1_000) * 1_000).toISOString();
  return {
    orderKey: orderKeyOf(BENCH_MARKETPLACE, orderId),
    marketplaceId: BENCH_MARKETPLACE,
    orderId,
    commercialId: `C-${index}`,
    revision: 1,
    contentHash: createHash('sha256').update(orderId).digest('hex'),
    observedAt: now.toISOString(),
    source: 'backfill',
    api: 'seller',
    state: 'RECEIVED',
    stateReason: null,
    createdAt: at(0),
    updatedAt: at(DAY_MS / 2),
    acceptedAt: at(60_000),
    anonymisedAt: null,
    currency: 'EUR',
    taxMode: 'TAX_INCLUDED',
    amount: eur('99.80'),
    amountWithoutTax: eur('83.17'),
    channel: { code: 'WEB', label: 'Web shop' },
    paymentType: index % 3 === 0 ? 'INVOICE' : 'CARD',
    buyer: {
      contacts: [{ field: 'customer_notification_email', value: `buyer-${buyer}@example.org` }],
      firstName: `Zoé ${buyer}`,
      lastName: 'Martin',
      locale: 'fr_FR',
      countryCode: 'FRA',
      country: 'France',
      region: null,
      city: 'Lyon',
      postalCode: `69${String(buyer % 1_000).padStart(3, '0')}`,
      phone: '+33 6 12 34 56 78',
    },
    lines: [1, 2].map((line) => lineOf(orderId, line, (index + line) % 500)),
    additionalFields: [
      { code: 'gift-wrap', type: 'BOOLEAN', value: index % 5 === 0 ? 'true' : 'false' },
      { code: 'delivery-note', type: 'STRING', value: 'Leave it with the neighbours' },
    ],
  };
}

function lineOf(orderId: string, line: number, product: number): OrderFact['lines'][number] {
  return {
    lineId: `${orderId}-${line}`,
    state: 'RECEIVED',
    sku: `LAMP-${product}`,
    productSku: `OP-${product}`,
    title: `Oak table lamp with linen shade, model ${product}`,
    categoryCode: `CAT-${product % 20}`,
    categoryLabel: `Lighting ${product % 20}`,
    quantity: 1,
    unitPrice: eur('44.90'),
    amount: eur('44.90'),
    imageUrl: `https://media.example.org/lamp-${product}.jpg`,
    shippedAt: null,
    receivedAt: null,
    additionalFields: [],
  };
}

export function refundOf(order: OrderFact): RefundFact {
  return {
    factId: refundFactId(order.orderKey, 'refund', 'R-1'),
    orderKey: order.orderKey,
    marketplaceId: order.marketplaceId,
    kind: 'refund',
    id: 'R-1',
    lineId: order.lines[0]?.lineId ?? null,
    revision: 1,
    observedAt: order.observedAt,
    state: 'REFUNDED',
    final: true,
    amount: eur('10.00'),
    quantity: 1,
    reasonCode: 'R1',
    createdAt: order.updatedAt,
    completedAt: null,
  };
}
