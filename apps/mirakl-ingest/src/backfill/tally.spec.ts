import { describe, expect, it } from '@jest/globals';
import type { SourceOrder } from '../capture/normalised-order.ts';
import { normaliseOrder } from '../mirakl/seller/normalise-order.ts';
import { lineFixture, orderFixture, refundFixture } from '../mirakl/seller/order.fixture.ts';
import { addToTally, EMPTY_TALLY, klaviyoSeconds, moneyOf } from './tally.ts';

const order = (changes: Record<string, unknown> = {}): SourceOrder =>
  normaliseOrder(orderFixture(changes), {
    orderTaxMode: 'TAX_INCLUDED',
    emailFrom: [],
    baseUrl: 'https://maison.example',
    readAt: new Date('2026-03-10T00:00:00Z'),
  });
const unreadable: SourceOrder = {
  kind: 'unreadable',
  reason: 'source.unparseable',
  detail: '/total_price is missing',
  orderId: 'W-9',
  createdAt: null,
  bytes: Buffer.from('{}'),
};

describe('addToTally', () => {
  it('sums money exactly, per currency, also where a currency has 0 or 3 decimals', () => {
    const orders = [
      order({ total_price: 0.1 }),
      order({ total_price: 0.2 }),
      order({ currency_iso_code: 'JPY', total_price: 1200 }),
      order({ currency_iso_code: 'KWD', total_price: 3.25 }),
    ];
    const tally = addToTally(EMPTY_TALLY, orders, 3);
    expect(tally).toMatchObject({ seen: 4, published: 3 });
    expect(moneyOf(tally)).toEqual([
      { amount: '0.30', currency: 'EUR' },
      { amount: '1200', currency: 'JPY' },
      { amount: '3.250', currency: 'KWD' },
    ]);
  });

  it('counts an order that cannot be read, without money', () => {
    expect(addToTally(EMPTY_TALLY, [unreadable], 1)).toMatchObject({ seen: 1, money: {}, events: 0 });
  });
});

describe('klaviyoSeconds', () => {
  const paid = lineFixture({ refunds: [refundFixture({ refund_state: 'REFUNDED' })] });

  it('goes by the events that orders like those seen make, at Klaviyo’s bulk limit', () => {
    const tally = addToTally(EMPTY_TALLY, [order({ order_state: 'SHIPPED', order_lines: [paid] })], 0);
    expect(tally.events).toBe(4);
    expect(klaviyoSeconds(tally, 10_000)).toBe(16);
    expect(klaviyoSeconds(tally, null)).toBe(1);
  });

  it('expects nothing of orders that are no sale', () => {
    const tally = addToTally(EMPTY_TALLY, [order({ order_state: 'REFUSED' })], 0);
    expect(klaviyoSeconds(tally, 1_000)).toBe(0);
  });

  it('says nothing before any order was seen, unless there is none', () => {
    expect(klaviyoSeconds(EMPTY_TALLY, 5)).toBeNull();
    expect(klaviyoSeconds(EMPTY_TALLY, 0)).toBe(0);
  });
});
