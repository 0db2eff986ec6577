import { describe, expect, it } from '@jest/globals';
import { formatMoney, formatOrders } from './format.ts';

describe('words for figures', () => {
  it('regression: shows an amount of an unknown currency instead of breaking the page', () => {
    expect(formatMoney('12.50', 'unknown')).toBe('12.50 unknown');
    expect(formatMoney('0.00', '')).toBe('0.00');
  });

  it('keeps the decimals that an amount is written with', () => {
    expect(formatMoney('1200', 'JPY').replaceAll(/[^\d.,]/g, '')).toMatch(/^1.?200$/);
    expect(formatMoney('1.500', 'KWD')).toMatch(/1[.,]500/);
  });

  it('says one order in the singular', () => {
    expect(formatOrders(1)).toBe('1 order');
    expect(formatOrders(2)).toBe('2 orders');
  });
});
