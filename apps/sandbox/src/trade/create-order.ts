import { shareOf } from './amounts.ts';
import type { Marketplace } from './marketplace.ts';
import type { MarketplaceProfile } from './marketplace-profile.ts';
import { productsOf, shippingPriceOf, unitPriceOf } from './products.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { TradeLine, TradeOrder, TradeTax } from './trade-order.ts';

/** Buyers per order in the pool that orders draw from: under one, so that many buyers come back. */
const buyersPerOrder = 0.6;

/** Share of baskets that Mirakl splits into two logistic orders with one commercial id. */
const splitBaskets = 0.05;

export interface BasketPlace {
  /** Cut to the second, as Mirakl's creation dates are. */
  readonly createdMs: number;
  /** Orders that buyers are drawn for: more orders, more buyers. */
  readonly pool: number;
  /** At least 1; with room for one order the basket is not split. */
  readonly room: number;
}

/** Makes the orders of one basket (one, sometimes two) and puts them into the marketplace, not yet accepted. */
export function createBasket(marketplace: Marketplace, place: BasketPlace): readonly TradeOrder[] {
  const { createdMs, pool, room } = place;
  const { profile, seed } = marketplace;
  const sequence = marketplace.nextSequence();
  const random = new SeededRandom(seed, 'order', profile.id, sequence);
  const buyer = pickBuyer(random, pool);
  const commercialId = `${profile.orderIdPrefix}${100_000 + sequence * 7}`;
  const orders = [newOrder(profile, random, { sequence, buyer, commercialId, suffix: 'A', createdMs })];
  if (random.chance(splitBaskets) && room > 1) {
    const second = { sequence: marketplace.nextSequence(), buyer, commercialId, suffix: 'B', createdMs };
    orders.push(newOrder(profile, random, second));
  }
  for (const order of orders) marketplace.put(order);
  return orders;
}

/** Low numbers are drawn more often: some buyers come back again and again, most do not. */
function pickBuyer(random: SeededRandom, pool: number): number {
  const buyers = Math.max(5, Math.round(pool * buyersPerOrder));
  return 1 + Math.floor(buyers * random.next() ** 1.4);
}

interface Start {
  readonly sequence: number;
  readonly buyer: number;
  readonly commercialId: string;
  readonly suffix: string;
  readonly createdMs: number;
}

function newOrder(profile: MarketplaceProfile, random: SeededRandom, start: Start): TradeOrder {
  const createdMs = Math.floor(start.createdMs / 1000) * 1000;
  const state = random.chance(0.1) ? 'STAGING' : 'WAITING_ACCEPTANCE';
  const count = random.pick([1, 1, 1, 1, 2, 2, 3]);
  const lines = Array.from({ length: count }, () => newLine(profile, random, state, createdMs));
  return {
    kind: 'traded',
    orderId: `${start.commercialId}-${start.suffix}`,
    commercialId: start.commercialId,
    sequence: start.sequence,
    buyer: start.buyer,
    createdMs,
    updatedMs: createdMs,
    state,
    reasonCode: null,
    acceptedMs: null,
    debitedMs: null,
    shippedMs: null,
    receivedMs: null,
    anonymizedMs: null,
    hidden: false,
    lines,
    returns: [],
  };
}

function newLine(
  profile: MarketplaceProfile,
  random: SeededRandom,
  state: TradeLine['state'],
  createdMs: number,
): TradeLine {
  const product = random.integer(0, productsOf(profile.country).length - 1);
  const quantity = random.pick([1, 1, 1, 1, 2, 2, 3, 4]);
  const unitPrice = unitPriceOf(product, profile.currency);
  const shippingPrice = random.chance(0.7) ? shippingPriceOf(random.integer(0, 34), profile.currency) : 0;
  const fee = random.chance(0.04) ? shareOf(unitPrice, 1, 50) : 0;
  const price = quantity * unitPrice;
  const rules = profile.taxes.filter((rule) => random.chance(rule.share));
  return {
    product,
    quantity,
    unitPrice,
    price,
    shippingPrice,
    fee,
    taxes: rules.map((rule) => newTax(profile, rule, price)),
    shippingTaxes: shippingPrice === 0 ? [] : rules.map((rule) => newTax(profile, rule, shippingPrice)),
    state,
    reasonCode: null,
    updatedMs: createdMs,
    refunds: [],
    cancelations: [],
  };
}

function newTax(
  profile: MarketplaceProfile,
  rule: MarketplaceProfile['taxes'][number],
  amount: number,
): TradeTax {
  const base = profile.taxMode === 'TAX_INCLUDED' ? 100 + rule.rate : 100;
  const taxAmount = shareOf(amount, rule.rate, base);
  const remitted = { shop: 0, operator: taxAmount, split: Math.floor(taxAmount / 2) }[rule.owedBy];
  return { code: rule.code, rate: rule.rate, amount: taxAmount, remitted };
}
