import { describe, expect, it } from '@jest/globals';
import { sumAmounts } from './sum-amounts.ts';

const part = (currency: string, minor: number, orders = 1) => ({
  currency,
  minor,
  orders,
  unknownMoney: currency === '' ? orders : 0,
});

describe('a sum of amounts', () => {
  it('keeps currencies apart, with as many decimals as each has', () => {
    expect(sumAmounts([part('EUR', 4990), part('JPY', 500), part('EUR', 10), part('KWD', 1)])).toEqual({
      orders: 4,
      money: { EUR: '50.00', JPY: '500', KWD: '0.001' },
      unknownMoney: 0,
    });
  });

  it('counts orders of unknown worth without adding them to any money', () => {
    expect(sumAmounts([part('', 0, 3)])).toEqual({ orders: 3, money: {}, unknownMoney: 3 });
  });

  it('refuses a sum that is not exact any more', () => {
    expect(() => sumAmounts([part('EUR', Number.MAX_SAFE_INTEGER), part('EUR', 1)])).toThrow(RangeError);
  });
});
