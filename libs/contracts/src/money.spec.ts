import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addMoney,
  convertMoney,
  decimalsOf,
  formatMinor,
  fromWire,
  money,
  parseMoney,
  toWire,
} from './money.ts';

describe('money', () => {
  it.each([
    [49.9, 'EUR', 4990],
    [0.07, 'EUR', 7],
    [1.005, 'EUR', 101],
    [-2.345, 'EUR', -235],
    ['1200', 'JPY', 1200],
    [1200.5, 'JPY', 1201],
    [3.25, 'KWD', 3250],
    [3.2505, 'KWD', 3251],
    [1e-7, 'EUR', 0],
    [22.24, 'USD', 2224],
    [-0, 'EUR', 0],
  ])('reads %p %s as %p minor units', (value, currency, minor) => {
    expect(parseMoney(value, currency)).toEqual({ minor, currency });
  });

  it.each([
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['12,50'],
    ['abc'],
    [''],
    [null],
    [undefined],
    [{}],
    [1e21],
  ])('refuses %p', (value) => {
    expect(parseMoney(value, 'EUR')).toBeUndefined();
  });

  it.each([
    [4990, 'EUR', '49.90'],
    [5, 'EUR', '0.05'],
    [-5, 'EUR', '-0.05'],
    [1200, 'JPY', '1200'],
    [3250, 'KWD', '3.250'],
    [0, 'KWD', '0.000'],
  ])('writes %p minor units of %s as %s', (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text);
  });

  it('survives the wire unchanged, whatever the amount and currency', () => {
    const currencies = fc.constantFrom('EUR', 'USD', 'JPY', 'KWD', 'CLP', 'TND');
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), currencies, (minor, currency) => {
        const value = money(minor, currency);
        expect(fromWire(toWire(value))).toEqual(value);
        expect(parseMoney(Number(formatMinor(minor, currency)), currency)).toEqual(value);
      }),
    );
  });

  it('adds exactly and refuses to add two currencies', () => {
    expect(addMoney(money(10, 'EUR'), money(20, 'EUR'), money(-5, 'EUR'))).toEqual(money(25, 'EUR'));
    expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('Cannot add USD to EUR');
  });

  it.each([
    [10_000, 'USD', '0.92', 'EUR', 9_200],
    [1_999, 'USD', '0.925', 'EUR', 1_849],
    [1_000, 'JPY', '0.0061', 'EUR', 610],
    [1_000, 'KWD', '3', 'EUR', 300],
    [100, 'EUR', '163.5', 'JPY', 164],
    [-150, 'EUR', '0.01', 'USD', -2],
  ])('converts %p of %s at %s into %s', (minor, from, rate, to, expected) => {
    expect(convertMoney(money(minor, from), rate, to)).toEqual(money(expected, to));
  });

  it('knows the decimals of a currency', () => {
    expect([decimalsOf('EUR'), decimalsOf('JPY'), decimalsOf('KWD')]).toEqual([2, 0, 3]);
  });

  it('refuses what is not a safe integer', () => {
    expect(() => money(0.5, 'EUR')).toThrow('safe integer');
    expect(() => money(1, 'euro')).toThrow('three capital letters');
  });
});
