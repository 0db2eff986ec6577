import { describe, expect, it } from '@jest/globals';
import { lineFixture, orderFixture } from './order.fixture.ts';
import { readSourceOrder } from './read-source-order.ts';

const context = {
  orderTaxMode: 'TAX_INCLUDED',
  emailFrom: [],
  baseUrl: 'https://maison.example',
  readAt: new Date('2026-03-10T00:00:00Z'),
} as const;
const bytes = Buffer.from('the original');
const read = (raw: unknown) => readSourceOrder(raw, () => bytes, context);

describe('readSourceOrder', () => {
  it('keeps the bytes of an order that cannot be read, and whatever says which order it is', () => {
    expect(read(orderFixture({ total_price: null }))).toEqual({
      kind: 'unreadable',
      reason: 'source.unparseable',
      detail: expect.stringContaining('/total_price'),
      orderId: 'W-1001-A',
      createdAt: '2026-03-01T10:15:00Z',
      bytes,
    });
  });

  it('does not invent an identity', () => {
    expect(read(null)).toMatchObject({ kind: 'unreadable', orderId: null, createdAt: null });
    expect(read(orderFixture({ order_id: '', created_date: 'x' }))).toMatchObject({
      orderId: null,
      createdAt: null,
    });
    expect(read(orderFixture({ order_id: 'a\nb' }))).toMatchObject({ kind: 'unreadable', orderId: null });
    expect(read(orderFixture({ order_id: 'x'.repeat(301) }))).toMatchObject({
      kind: 'unreadable',
      orderId: null,
    });
  });

  it('finds an order that no message could carry, before it is published', () => {
    const long = Array.from({ length: 100 }, (_, index) =>
      lineFixture({ order_line_index: index, product_title: 'ü'.repeat(9_999) }),
    );
    expect(read(orderFixture({ order_lines: long }))).toMatchObject({
      kind: 'unreadable',
      reason: 'contract.message_too_large',
      orderId: 'W-1001-A',
    });
  });
});
