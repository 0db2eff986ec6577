import { describe, expect, it } from '@jest/globals';
import { normaliseTransaction } from './normalise-transaction.ts';

const line = (changes: Record<string, unknown> = {}) => ({
  id: 'tx-1',
  type: 'REFUND_ORDER_AMOUNT',
  amount: -10,
  amount_credited: 0,
  amount_debited: 10,
  currency_iso_code: 'EUR',
  date_created: '2026-03-03T09:00:00Z',
  last_updated: '2026-03-04T09:00:00.250Z',
  payment_state: 'PAYABLE',
  entities: { order: { id: 'W-1' }, order_line: { id: 'W-1-1' }, refund: { id: '501' } },
  ...changes,
});

describe('normaliseTransaction', () => {
  it('reads which refund of which order was debited, and by how much', () => {
    expect(normaliseTransaction(line())).toEqual({
      id: 'tx-1',
      type: 'REFUND_ORDER_AMOUNT',
      orderId: 'W-1',
      lineId: 'W-1-1',
      refundId: '501',
      amount: { amount: '-10.00', currency: 'EUR' },
      createdAt: '2026-03-03T09:00:00Z',
      updatedAt: '2026-03-04T09:00:00.250Z',
      paymentState: 'PAYABLE',
    });
  });

  it('trap: the sign comes from credited and debited, not from amount or type', () => {
    const credited = { amount: 1, amount_credited: 1, amount_debited: 0 };
    expect(normaliseTransaction(line(credited))?.amount.amount).toBe('1.00');
    const positive = { amount: 10, amount_credited: null, amount_debited: 10 };
    expect(normaliseTransaction(line(positive))?.amount.amount).toBe('-10.00');
    const bare = { amount: -3.5, amount_credited: null, amount_debited: undefined };
    expect(normaliseTransaction(line(bare))?.amount.amount).toBe('-3.50');
  });

  it('reads a line that belongs to no order', () => {
    expect(normaliseTransaction(line({ entities: {}, last_updated: null, payment_state: '' }))).toMatchObject(
      {
        orderId: null,
        lineId: null,
        refundId: null,
        updatedAt: '2026-03-03T09:00:00Z',
        paymentState: null,
      },
    );
  });

  it.each([
    ['an id', { id: null }],
    ['a date', { date_created: 'soon' }],
    ['an amount', { amount: null, amount_credited: null, amount_debited: null }],
    ['a currency', { currency_iso_code: '' }],
  ])('is none without %s', (_what, changes) => {
    expect(normaliseTransaction(line(changes))).toBeNull();
  });
});
