import { createHash } from 'node:crypto';
import { type BuyerEvent, type BuyerProfile, eventIds, type WireMoney } from '@watertight/contracts';

export const BENCH_MARKETPLACE = 'maison-fr';

/** A policy with the one marketplace that the events name; nothing of it is ever asked. */
export function benchPolicy(): string {
  return `reportingCurrency: EUR
rates: { USD: "0.92" }
marketplaces:
  - id: ${BENCH_MARKETPLACE}
    name: Maison
    channel: Maison FR
    baseUrl: http://127.0.0.1:1/mirakl/maison-fr
    apiKey: \${MAISON_API_KEY}
    pollInterval: 2s
    backfillFrom: 2025-11-01
`;
}

/** Klaviyo events that become of one buyer event of `placedOrder`. */
export const PARTS_PER_ORDER = 3;

/** Several events of one buyer meet in a request, as they do in history. */
export const ORDERS_PER_BUYER = 7;

const eur = (amount: string): WireMoney => ({ amount, currency: 'EUR' });
const DAY_MS = 86_400_000;

/**
 * A placed order of two lines, with a buyer who has bought twenty things before: about what an average message of
 * `buyer.events.v1` weighs. Orders of one `run` have ids of their own; history spreads over 300 days before `now`.
 */
export function placedOrder(run: string, index: number, now: Date, history: boolean): BuyerEvent {
  const orderId = `${run}-${index}`;
  const orderKey = `${BENCH_MARKETPLACE}:${orderId}`;
  const email = `buyer-${run}-${Math.floor(index / ORDERS_PER_BUYER)}@example.org`;
  const placedMs = history
    ? now.getTime() - DAY_MS * 5 - ((index * 7_919) % 25_920_000) * 1_000
    : now.getTime();
  const occurredAt = new Date(Math.floor(placedMs / 1_000) * 1_000).toISOString();
  const lines = [1, 2].map((line) => ({
    eventId: eventIds.line(orderKey, `${orderId}-${line}`),
    lineId: `${orderId}-${line}`,
    sku: `LAMP-${(index + line) % 500}`,
    productSku: `OP-${(index + line) % 500}`,
    title: `Oak table lamp with linen shade, model ${(index + line) % 500}`,
    category: 'Lighting',
    quantity: 1,
    unitPrice: eur('44.90'),
    amount: eur('49.90'),
    amountReporting: eur('49.90'),
    imageUrl: `https://media.example.org/lamp-${(index + line) % 500}.jpg`,
  }));
  return {
    eventId: eventIds.placed(orderKey),
    type: 'order.placed',
    orderKey,
    marketplaceId: BENCH_MARKETPLACE,
    orderId,
    commercialId: null,
    buyerId: buyerIdOf(email),
    occurredAt,
    publishedAt: now.toISOString(),
    channel: 'Maison FR',
    country: 'FR',
    amount: eur('99.80'),
    amountReporting: eur('99.80'),
    order: { state: 'SHIPPING', placedAt: occurredAt, amount: eur('99.80'), lines },
    change: null,
    contact: { email, class: 'direct', source: 'mirakl' },
    profile: profileOf(email, index, occurredAt),
    deliver: 'events_and_profiles',
  };
}

function buyerIdOf(email: string): string {
  return createHash('sha256').update(email).digest('hex');
}

function profileOf(email: string, index: number, occurredAt: string): BuyerProfile {
  const skus = Array.from({ length: 20 }, (_, each) => `LAMP-${(index + each) % 500}`);
  return {
    buyerId: buyerIdOf(email),
    version: index + 1,
    email,
    contactClass: 'direct',
    firstName: 'Zoé',
    lastName: 'Martin',
    locale: 'fr-FR',
    country: 'FR',
    region: null,
    city: 'Lyon',
    postalCode: '69001',
    phone: null,
    orders: (index % ORDERS_PER_BUYER) + 1,
    gross: eur('499.00'),
    refunded: eur('0.00'),
    net: eur('499.00'),
    averageOrder: eur('99.80'),
    amountsComplete: true,
    firstOrderAt: occurredAt,
    lastOrderAt: occurredAt,
    lastOrderAmount: eur('99.80'),
    skus,
    productTitles: skus.map((sku) => `Oak table lamp with linen shade ${sku}`),
    refundedSkus: [],
    channels: ['Maison FR'],
    countries: ['FR'],
    marketplaces: [BENCH_MARKETPLACE],
    lastChannel: 'Maison FR',
    lastRefundAt: null,
    lastCancelAt: null,
    reviewRequestAllowed: false,
    updatedAt: occurredAt,
  };
}
