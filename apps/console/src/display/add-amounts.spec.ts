import { describe, expect, it } from '@jest/globals';
import { addAmounts, addDecimals, NO_AMOUNTS } from './add-amounts.ts';

describe('adding money', () => {
  it('adds digit by digit, where floats would not', () => {
    expect(addDecimals('0.10', '0.20')).toBe('0.30');
    expect(addDecimals('90071992547409.91', '0.02')).toBe('90071992547409.93');
    expect(addDecimals('1200', '34')).toBe('1234');
    expect(addDecimals('1.5', '0.505')).toBe('2.005');
    expect(addDecimals('0.05', '-0.10')).toBe('-0.05');
  });

  it('keeps currencies apart and counts orders of unknown amount', () => {
    const one = { orders: 2, money: { EUR: '10.00' }, unknownMoney: 1 };
    const other = { orders: 3, money: { EUR: '0.50', USD: '7.00' } };
    expect(addAmounts(addAmounts(NO_AMOUNTS, one), other)).toEqual({
      orders: 5,
      money: { EUR: '10.50', USD: '7.00' },
      unknownMoney: 1,
    });
  });
});
