import { describe, expect, it } from '@jest/globals';
import type { ReadableOrder } from '../../capture/normalised-order.ts';
import { normaliseConnectOrder } from './normalise-connect-order.ts';
import { normaliseConnectReturn } from './normalise-connect-return.ts';

type Json = Readonly<Record<string, unknown>>;
const eur = (amount: number | string) => ({ amount, currency: 'EUR' });

function line(changes: Json = {}): Json {
  return {
    id: '0001_W-1-1',
    status: 'AWAITING_SHIPMENT',
    quantity: 3,
    price: eur(45),
    total_shipping_price: eur(4.9),
    taxes: [{ code: 'VAT', amount: eur(9), seller_collectible: eur(9), channel_collectible: eur(0) }],
    shipping_taxes: [{ code: 'VAT', amount: eur(0.98) }],
    product: { id: 'LAMP-BRASS', title: 'Brass lamp' },
    adjustments: [],
    ...changes,
  };
}

function order(changes: Json = {}): Json {
  return {
    id: '0001_W-1',
    channel_order_id: 'W-1',
    created_at: '2026-03-01T10:15:00Z',
    updated_at: '2026-03-02T08:00:00Z',
    status: 'AWAITING_SHIPMENT',
    origin: {
      channel_id: '0001',
      channel_name: 'Maison',
      sub_channel_code: 'FR',
      sub_channel_name: 'France',
    },
    shipping_info: {
      email: 'r1a2b3.c4d5e6f7g@notification.mirakl.net',
      address: { first_name: 'Ines', last_name: 'Invented', city: 'Paris', country_iso_code: 'FRA' },
    },
    custom_attributes: [{ id: 'customer-email', type: 'STRING', value: 'ines@example.org' }],
    order_lines: [line()],
    ...changes,
  };
}

const emailFrom = ['additional:customer-email', 'customer_notification_email'];
const read = (changes: Json = {}): ReadableOrder => normaliseConnectOrder(order(changes), { emailFrom });
const withAdjustments = (...adjustments: Json[]) => read({ order_lines: [line({ adjustments })] });

describe('an order of Mirakl Connect', () => {
  it('reads as the seller API’s: states, amounts with the seller’s tax, buyer, channel', () => {
    expect(read().order).toMatchObject({
      orderId: '0001_W-1',
      state: 'SHIPPING',
      currency: 'EUR',
      taxMode: 'TAX_EXCLUDED',
      amount: { amount: '59.88', currency: 'EUR' },
      amountWithoutTax: { amount: '49.90', currency: 'EUR' },
      channel: { code: 'FR', label: 'France' },
      buyer: {
        contacts: [
          { field: 'additional:customer-email', value: 'ines@example.org' },
          { field: 'customer_notification_email', value: 'r1a2b3.c4d5e6f7g@notification.mirakl.net' },
        ],
        firstName: 'Ines',
        countryCode: 'FRA',
      },
      lines: [
        {
          lineId: '0001_W-1-1',
          sku: 'LAMP-BRASS',
          unitPrice: { amount: '15.00' },
          amount: { amount: '54.00' },
        },
      ],
    });
    expect(read().order.additionalFields).toContainEqual({
      code: 'channel_order_id',
      type: null,
      value: 'W-1',
    });
  });

  it.each([
    ['AWAITING_FRAUD_CHECK', null, 'STAGING'],
    ['AWAITING_ACCEPTANCE', null, 'WAITING_ACCEPTANCE'],
    ['AWAITING_PAYMENT', null, 'WAITING_DEBIT'],
    ['SHIPPED', null, 'SHIPPED'],
    ['DELIVERED', null, 'RECEIVED'],
    ['CLOSED', 'AUTOMATICALLY_CLOSED', 'CLOSED'],
    ['CLOSED', 'REFUNDED', 'CLOSED'],
    ['CLOSED', 'CANCELED', 'CANCELED'],
    ['CLOSED', 'REFUSED', 'REFUSED'],
    ['CLOSED', 'PAYMENT_TIMEOUT', 'REFUSED'],
    ['CHANNEL_SPECIFIC', null, 'CHANNEL_SPECIFIC'],
  ])('%s (%s) is %s in the words of the seller API', (status, status_reason, state) => {
    expect(read({ status, status_reason }).order.state).toBe(state);
  });

  it('trap: leaves out the tax that the channel collects', () => {
    const taxes = [
      { code: 'STATE', amount: eur(6), channel_collectible: eur(6) },
      { code: 'MIXED', amount: eur(3), channel_collectible: eur(2), seller_collectible: eur(1) },
      { code: 'OURS', amount: eur(2) },
    ];
    expect(read({ order_lines: [line({ taxes, shipping_taxes: null })] }).order.amount?.amount).toBe('52.90');
  });

  it('finds refunds and cancelations among the adjustments, each by its own id and with the order’s tax rule', () => {
    const { order: read, refunds } = withAdjustments(
      {
        adjustment_id: '0001_REFUND_1182',
        id: '0001_1182',
        type: 'REFUND',
        reason: 'RETURN',
        price: eur(15),
        shipping_price: eur(0),
        taxes: [{ code: 'VAT', amount: eur(3) }],
        quantity: 0,
        created_at: '2026-03-05T09:00:00Z',
      },
      { id: '0001_1183', type: 'CANCELATION', price: eur(15), quantity: 1, created_at: null },
    );
    expect(refunds).toMatchObject([
      {
        kind: 'refund',
        id: '0001_REFUND_1182',
        lineId: '0001_W-1-1',
        final: true,
        amount: { amount: '18.00' },
        quantity: 0,
        reasonCode: 'RETURN',
      },
      {
        kind: 'cancelation',
        id: '0001_1183',
        amount: { amount: '15.00' },
        createdAt: '2026-03-02T08:00:00Z',
      },
    ]);
    expect(read).toMatchObject({
      amountOrdered: { amount: '74.88' },
      lines: [{ quantity: 3, quantityOrdered: 4 }],
    });
  });

  it('splits the tax of a refund as that of its line', () => {
    const taxes = [
      { code: 'MIXED', amount: eur(3), channel_collectible: eur(2), seller_collectible: eur(1) },
    ];
    const adjustments = [
      { id: '7', type: 'REFUND', price: eur(15), taxes: [{ code: 'MIXED', amount: eur(1) }] },
    ];
    const { refunds } = read({ order_lines: [line({ taxes, adjustments })] });
    expect(refunds[0]?.amount?.amount).toBe('15.33');
  });

  it('says when the buyer was anonymised', () => {
    const { order } = read({
      anonymized_at: '2026-09-01T00:00:00Z',
      shipping_info: null,
      billing_info: null,
    });
    expect(order).toMatchObject({ anonymisedAt: '2026-09-01T00:00:00Z', buyer: { firstName: null } });
  });

  it('reads currencies with 0 and 3 decimals exactly', () => {
    const inCurrency = (currency: string, amount: number) => [
      line({ price: { amount, currency }, total_shipping_price: null, taxes: [], shipping_taxes: [] }),
    ];
    expect(read({ order_lines: inCurrency('JPY', 1200) }).order.amount).toEqual({
      amount: '1200',
      currency: 'JPY',
    });
    expect(read({ order_lines: inCurrency('KWD', 3.25) }).order.amount).toEqual({
      amount: '3.250',
      currency: 'KWD',
    });
  });

  it.each([
    ['no lines, so no currency', { order_lines: [] }],
    ['two currencies', { order_lines: [line(), line({ price: { amount: 1, currency: 'USD' } })] }],
    ['a price that is no amount', { order_lines: [line({ price: { amount: 'many', currency: 'EUR' } })] }],
    ['no id', { id: undefined }],
    ['no date', { created_at: 'soon' }],
    [
      'an adjustment of an unknown kind',
      { order_lines: [line({ adjustments: [{ id: '1', type: 'GIFT' }] })] },
    ],
    ['an adjustment without an id', { order_lines: [line({ adjustments: [{ type: 'REFUND' }] })] }],
  ])('is unreadable with %s', (_why, changes) => {
    expect(() => read(changes)).toThrow(expect.objectContaining({ reason: 'source.unparseable' }));
  });

  it('names a status that it has never heard of', () => {
    expect(read({ status: 'BY_DRONE' }).unknown).toEqual([{ field: 'status', value: 'BY_DRONE' }]);
  });
});

describe('a return of Mirakl Connect', () => {
  it('reads as the seller API’s', () => {
    const raw = {
      id: 70885,
      order_id: '0001_W-1',
      status: 'OPENED',
      created_at: '2026-03-06T14:55:00Z',
      updated_at: '2026-03-06T16:00:00Z',
      return_lines: [{ order_line_id: '0001_W-1-1', quantity: 2, reason: 'DEFECTIVE_ITEM' }],
    };
    expect(normaliseConnectReturn(raw, new Date(0))).toMatchObject({
      kind: 'readable',
      orderId: '0001_W-1',
      content: {
        id: '70885',
        lineId: '0001_W-1-1',
        state: 'IN_PROGRESS',
        quantity: 2,
        reasonCode: 'DEFECTIVE_ITEM',
      },
    });
  });
});
