import { describe, expect, it } from '@jest/globals';
import type { Transaction } from '@watertight/contracts';
import { checkRefunds } from './check-refunds.ts';

const refund = (id: string, minor: number | null) => ({
  orderKey: 'm:A-1',
  refundId: id,
  completedAt: '2026-03-03T09:30:00.000Z',
  minor,
  currency: minor === null ? null : 'EUR',
});

let serial = 0;
function line(
  refundId: string,
  type: string,
  amount: string,
  override: Partial<Transaction> = {},
): Transaction {
  serial += 1;
  return {
    kind: 'transaction',
    outcomeId: `m:transaction:${serial}`,
    marketplaceId: 'm',
    at: '2026-03-04T00:00:00Z',
    transactionId: `t-${serial}`,
    type,
    orderKey: 'm:A-1',
    lineId: 'A-1-1',
    refundId,
    amount: { amount, currency: 'EUR' },
    createdAt: '2026-03-03T09:00:00Z',
    updatedAt: '2026-03-03T09:30:00Z',
    paymentState: 'PAYABLE',
    ...override,
  };
}

const resultOf = (minor: number | null, ...lines: Transaction[]) =>
  checkRefunds([refund('1', minor)], lines)[0];

describe("a refund beside Mirakl's transaction log", () => {
  it('matches when goods, shipping, fees and their taxes add up to it', () => {
    const check = resultOf(
      1_250,
      line('1', 'REFUND_ORDER_AMOUNT', '-10.00'),
      line('1', 'REFUND_ORDER_SHIPPING_AMOUNT', '-1.00'),
      line('1', 'REFUND_ORDER_FEE_AMOUNT', '-0.50'),
      line('1', 'REFUND_ORDER_AMOUNT_TAX', '-0.75'),
      line('1', 'REFUND_ORDER_SHIPPING_AMOUNT_TAX', '-0.25'),
    );
    expect(check).toMatchObject({
      result: 'matched',
      difference: { amount: '0.00', currency: 'EUR' },
      transaction: { amount: '12.50', currency: 'EUR' },
    });
  });

  it('leaves out what is between operator and seller', () => {
    expect(
      resultOf(
        1_000,
        line('1', 'REFUND_ORDER_AMOUNT', '-10.00'),
        line('1', 'REFUND_COMMISSION_FEE', '1.50'),
        line('1', 'OPERATOR_REMITTED_REFUND_ORDER_AMOUNT_TAX', '-2.00'),
      )?.result,
    ).toBe('matched');
  });

  it('is missing without a line of its own, also when another order has a refund of that id', () => {
    expect(resultOf(1_000)?.result).toBe('missing');
    expect(resultOf(1_000, line('2', 'REFUND_ORDER_AMOUNT', '-10.00'))?.result).toBe('missing');
    const elsewhere = line('1', 'REFUND_ORDER_AMOUNT', '-10.00', { orderKey: 'm:B-1' });
    expect(resultOf(1_000, elsewhere)?.result).toBe('missing');
  });

  it('differs by the cent, by currency, and when the order does not tell the amount', () => {
    const booked = line('1', 'REFUND_ORDER_AMOUNT', '-10.01');
    expect(resultOf(1_000, booked)).toMatchObject({ result: 'different', difference: { amount: '-0.01' } });
    expect(resultOf(null, booked)).toMatchObject({ result: 'different', difference: null });
    const dollars = line('1', 'REFUND_ORDER_AMOUNT', '-10.00', {
      amount: { amount: '-10.00', currency: 'USD' },
    });
    expect(resultOf(1_000, dollars)).toMatchObject({ result: 'different', difference: null });
    expect(resultOf(1_000, line('1', 'REFUND_ORDER_AMOUNT', '-10.00'), dollars)?.result).toBe('different');
  });

  it('shows what does not agree first', () => {
    const checks = checkRefunds(
      [refund('1', 1_000), refund('2', 500), refund('3', 700)],
      [line('1', 'REFUND_ORDER_AMOUNT', '-10.00'), line('3', 'REFUND_ORDER_AMOUNT', '-7.10')],
    );
    expect(checks.map(({ refundId, result }) => [refundId, result])).toEqual([
      ['3', 'different'],
      ['2', 'missing'],
      ['1', 'matched'],
    ]);
  });
});
