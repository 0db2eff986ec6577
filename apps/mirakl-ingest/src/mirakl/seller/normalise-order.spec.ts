import { describe, expect, it } from '@jest/globals';
import type { ReadableOrder } from '../../capture/normalised-order.ts';
import { type NormaliseContext, normaliseOrder } from './normalise-order.ts';
import { lineFixture, orderFixture } from './order.fixture.ts';

const context: NormaliseContext = {
  orderTaxMode: 'TAX_INCLUDED',
  emailFrom: ['customer_notification_email'],
  baseUrl: 'https://maison.example/mirakl',
  readAt: new Date('2026-03-10T00:00:00Z'),
};

function normalised(
  changes: Record<string, unknown> = {},
  policy: Partial<NormaliseContext> = {},
): ReadableOrder {
  return normaliseOrder(orderFixture(changes), { ...context, ...policy });
}

describe('normaliseOrder', () => {
  it('reads an ordinary order', () => {
    expect(normalised()).toEqual({
      kind: 'readable',
      refunds: [],
      unknown: [],
      order: {
        orderId: 'W-1001-A',
        commercialId: 'W-1001',
        state: 'SHIPPING',
        stateReason: null,
        createdAt: '2026-03-01T10:15:00Z',
        updatedAt: '2026-03-02T08:00:00Z',
        acceptedAt: '2026-03-01T11:00:00.250Z',
        anonymisedAt: null,
        currency: 'EUR',
        taxMode: 'TAX_INCLUDED',
        amount: { amount: '49.90', currency: 'EUR' },
        amountWithoutTax: { amount: '49.90', currency: 'EUR' },
        channel: { code: 'WEB', label: 'Web shop' },
        paymentType: 'CARD',
        buyer: {
          contacts: [
            { field: 'customer_notification_email', value: 'r1a2b3.c4d5e6f7g@notification.mirakl.net' },
          ],
          firstName: 'Ines',
          lastName: 'Invented',
          locale: 'fr_FR',
          countryCode: 'FRA',
          country: 'France',
          region: 'Île-de-France',
          city: 'Paris',
          postalCode: '75010',
          phone: '0100000000',
        },
        lines: [
          {
            lineId: 'W-1001-A-1',
            state: 'SHIPPING',
            sku: 'LAMP-BRASS',
            productSku: 'P-77',
            title: 'Brass lamp',
            categoryCode: 'LIGHT',
            categoryLabel: 'Luminaires',
            quantity: 3,
            unitPrice: { amount: '15.00', currency: 'EUR' },
            amount: { amount: '45.00', currency: 'EUR' },
            imageUrl: null,
            shippedAt: null,
            receivedAt: null,
            additionalFields: [],
          },
        ],
        additionalFields: [
          { code: 'customer-email', type: 'STRING', value: 'Ines.Invented@example.org' },
          { code: 'gift-wrap', type: 'BOOLEAN', value: 'false' },
        ],
      },
    });
  });

  it.each([
    ['order_id', undefined, '/order_id is missing'],
    ['order_id', '  ', '/order_id'],
    ['order_id', null, '/order_id'],
    ['created_date', undefined, '/created_date is missing'],
    ['created_date', 'last week', 'created_date is not a point in time'],
    ['currency_iso_code', 'euro', '/currency_iso_code'],
    ['currency_iso_code', null, '/currency_iso_code'],
    ['total_price', undefined, '/total_price is missing'],
    ['total_price', null, '/total_price'],
    ['total_price', 'Sylvie', 'total_price is a string that is not an amount'],
    ['order_tax_mode', 'TAX_MAYBE', 'order_tax_mode'],
    ['order_lines', [lineFixture({ refunds: [{ amount: 1 }] })], '/order_lines/0/refunds/0/id is missing'],
    [
      'order_lines',
      [lineFixture({ refunds: [{ id: 'r', amount: 'Sylvie' }] })],
      'order_lines[0].refunds[0].amount',
    ],
  ])('refuses %s = %p, naming the field and never its value', (field, value, named) => {
    const read = () => normalised({ [field]: value });
    expect(read).toThrow(
      expect.objectContaining({ reason: 'source.unparseable', message: expect.stringContaining(named) }),
    );
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('Sylvie') }));
  });

  it.each([[null], ['text'], [42], [[]]])('refuses %p, which is no order at all', (raw) => {
    expect(() => normaliseOrder(raw, context)).toThrow(
      expect.objectContaining({ reason: 'source.unparseable' }),
    );
  });

  it('reads an order of which nothing but identity and money is there', () => {
    const bare = {
      order_id: 17,
      created_date: '2026-03-01T10:15:00Z',
      currency_iso_code: 'EUR',
      total_price: 1,
    };
    const { order, refunds } = normaliseOrder(bare, context);
    expect(order).toMatchObject({
      orderId: '17',
      state: 'UNKNOWN',
      updatedAt: order.createdAt,
      lines: [],
      channel: null,
    });
    expect(order.buyer).toMatchObject({ contacts: [], firstName: null, countryCode: null });
    expect(refunds).toEqual([]);
  });

  it('trap: everything that may be null, empty or of another type reads as absent', () => {
    const odd = normalised({
      channel: '',
      order_state_reason_code: '',
      acceptance_decision_date: '',
      customer_notification_email: '',
      customer: { firstname: '', locale: '', shipping_address: null, billing_address: null },
      order_additional_fields: '',
      order_lines: [
        lineFixture({ refunds: '', cancelations: null, taxes: '', product_medias: null, quantity: null }),
      ],
    });
    expect(odd.order).toMatchObject({ channel: null, acceptedAt: null, additionalFields: [] });
    expect(odd.order.buyer).toMatchObject({ contacts: [], firstName: null, city: null, phone: null });
    expect(odd.order.lines).toHaveLength(1);
  });

  it('accepts states and fields that it has never heard of', () => {
    const { order } = normalised({ order_state: 'TELEPORTING', something_new: { a: 1 } });
    expect(order.state).toBe('TELEPORTING');
  });

  it('names what it has never heard of, once for each place it stands in', () => {
    const line = lineFixture({ order_line_state: 'DRONE_WAIT', eco_score: 'A' });
    const { unknown } = normalised({
      order_state: 'SHIPPING_BY_DRONE',
      robot: true,
      order_lines: [line, line],
    });
    expect(unknown).toEqual([
      { field: 'order_state', value: 'SHIPPING_BY_DRONE' },
      { field: 'order_line_state', value: 'DRONE_WAIT' },
      { field: 'order_line_state', value: 'DRONE_WAIT' },
      { field: 'order.*', value: 'robot' },
      { field: 'order_line.*', value: 'eco_score' },
      { field: 'order_line.*', value: 'eco_score' },
    ]);
  });

  it('reads the billing address where there is no shipping address, and the country as it stands', () => {
    const billing = { city: 'MALAGA', country: 'ES', country_iso_code: null, zip_code: '29009' };
    const { order } = normalised({
      customer: { firstname: 'Ines', billing_address: billing, shipping_address: null },
    });
    expect(order.buyer).toMatchObject({
      city: 'MALAGA',
      country: 'ES',
      countryCode: null,
      postalCode: '29009',
    });
  });

  it('takes the tax mode of the policy only where the order does not name its own', () => {
    expect(normalised({ order_tax_mode: undefined }, { orderTaxMode: 'TAX_EXCLUDED' }).order.taxMode).toBe(
      'TAX_EXCLUDED',
    );
    expect(normalised({}, { orderTaxMode: 'TAX_EXCLUDED' }).order.taxMode).toBe('TAX_INCLUDED');
  });

  it('gives the same content whatever the order of lines and fields in the answer', () => {
    const one = lineFixture({ order_line_id: '1', order_line_index: 1 });
    const two = lineFixture({ order_line_id: '2', order_line_index: 2 });
    const fields = [
      { code: 'a', value: '1' },
      { code: 'b', value: ['x', 'y'] },
    ];
    const straight = normalised({ order_lines: [one, two], order_additional_fields: fields });
    expect(normalised({ order_lines: [two, one], order_additional_fields: fields.toReversed() })).toEqual(
      straight,
    );
    expect(straight.order.additionalFields[1]).toEqual({ code: 'b', type: null, value: ['x', 'y'] });
  });

  it('regression: says what was ordered before cancelations lowered it', () => {
    const cancelations = [
      { id: '7', amount: 10, shipping_amount: 0.1, quantity: 1, created_date: '2026-03-01T12:00:00Z' },
      { id: '8', amount: 5, shipping_amount: null, quantity: null, created_date: '2026-03-01T13:00:00Z' },
    ];
    const { order } = normalised({ order_lines: [lineFixture({ quantity: 2, cancelations })] });
    expect(order.amount).toEqual({ amount: '49.90', currency: 'EUR' });
    expect(order.amountOrdered).toEqual({ amount: '65.00', currency: 'EUR' });
    expect(order.lines[0]).toMatchObject({ quantity: 2, quantityOrdered: 3 });
    expect(normalised().order).not.toHaveProperty('amountOrdered');
  });

  it('names a line without an id by its place', () => {
    const lines = [
      lineFixture({ order_line_id: undefined }),
      lineFixture({ order_line_id: '', order_line_index: 2 }),
    ];
    expect(normalised({ order_lines: lines }).order.lines.map(({ lineId }) => lineId)).toEqual(['#1', '#2']);
  });
});

describe('contacts', () => {
  const contactsOf = (emailFrom: readonly string[], changes: Record<string, unknown> = {}) =>
    normalised(changes, { emailFrom }).order.buyer.contacts;

  it('reads the fields that the policy names, in its order, and hands the text on unjudged', () => {
    expect(contactsOf(['additional:customer-email', 'customer_notification_email'])).toEqual([
      { field: 'additional:customer-email', value: 'Ines.Invented@example.org' },
      { field: 'customer_notification_email', value: 'r1a2b3.c4d5e6f7g@notification.mirakl.net' },
    ]);
    expect(contactsOf(['customer_notification_email'], { customer_notification_email: 'n/a' })).toEqual([
      { field: 'customer_notification_email', value: 'n/a' },
    ]);
  });

  it('trap: never reads customer_id, a field that is not named, or a path that is not offered', () => {
    expect(contactsOf([])).toEqual([]);
    expect(contactsOf(['customer_id', 'customer.customer_id', 'shipping_address.email'])).toEqual([]);
  });

  it('reads nothing where the field is absent, null or empty', () => {
    for (const value of [undefined, null, '', '   ']) {
      expect(contactsOf(['customer_notification_email'], { customer_notification_email: value })).toEqual([]);
    }
    expect(contactsOf(['additional:none'])).toEqual([]);
  });
});

describe('pictures', () => {
  const imageOf = (product_medias: unknown) =>
    normalised({ order_lines: [lineFixture({ product_medias })] }).order.lines[0]?.imageUrl;

  it('makes a relative address absolute against the host, the largest picture first', () => {
    const medias = [
      { media_url: '/media/product/image/small', type: 'SMALL' },
      { media_url: '/media/product/image/large', type: 'LARGE' },
    ];
    expect(imageOf(medias)).toBe('https://maison.example/media/product/image/large');
    expect(imageOf([{ media_url: 'https://cdn.example/p.png', type: 'NEW' }])).toBe(
      'https://cdn.example/p.png',
    );
  });

  it('has none for what is no web address', () => {
    expect(imageOf([])).toBeNull();
    expect(imageOf([{ media_url: 'javascript:alert(1)', type: 'LARGE' }])).toBeNull();
  });
});
