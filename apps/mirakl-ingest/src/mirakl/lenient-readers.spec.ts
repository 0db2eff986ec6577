import { describe, expect, it } from '@jest/globals';
import {
  formatTimestamp,
  readList,
  readObject,
  readQuantity,
  readText,
  readTimestamp,
} from './lenient-readers.ts';

describe('lenient readers', () => {
  it.each([
    ['2026-03-01T10:15:00Z', '2026-03-01T10:15:00Z'],
    ['2026-03-01T10:15:00.000Z', '2026-03-01T10:15:00Z'],
    ['2026-03-01T10:15:00.120Z', '2026-03-01T10:15:00.120Z'],
    ['2026-03-01T12:15:00+02:00', '2026-03-01T10:15:00Z'],
    ['2026-03-01T12:15:00+0200', '2026-03-01T10:15:00Z'],
    ['2026-03-01T10:15:00', '2026-03-01T10:15:00Z'],
    ['2026-03-01T10:15:00.123456789Z', '2026-03-01T10:15:00.123Z'],
  ])('reads the time %s as %s', (text, expected) => {
    expect(readTimestamp(text)).toBe(expected);
  });

  it.each([
    [''],
    ['yesterday'],
    ['2026-03-01'],
    ['2026-13-01T00:00:00Z'],
    [null],
    [undefined],
    [1_700_000_000],
    [{}],
  ])('reads %p as no time', (value) => {
    expect(readTimestamp(value)).toBeNull();
  });

  it('writes whole seconds without milliseconds, as Mirakl does', () => {
    expect(formatTimestamp(new Date('2026-03-01T10:15:00.000Z'))).toBe('2026-03-01T10:15:00Z');
    expect(formatTimestamp(new Date('2026-03-01T10:15:00.007Z'))).toBe('2026-03-01T10:15:00.007Z');
  });

  it('reads blank text as absent, trims and cuts the rest, and takes numbers for ids', () => {
    expect([readText(''), readText('  '), readText(null), readText(true), readText({})]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(readText(' Lyon ')).toBe('Lyon');
    expect(readText('abcdef', 3)).toBe('abc');
    expect(readText(29182572)).toBe('29182572');
  });

  it('reads a quantity of 0 as 0, and none, a negative or a text one as null', () => {
    expect([readQuantity(0), readQuantity(2), readQuantity(2.5)]).toEqual([0, 2, 2]);
    expect([readQuantity(null), readQuantity(-1), readQuantity('2'), readQuantity(Number.NaN)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('reads what is no object or list as an empty one', () => {
    expect([readObject(''), readObject(null), readObject([1]), readObject({ a: 1 })]).toEqual([
      {},
      {},
      {},
      { a: 1 },
    ]);
    expect([readList(''), readList(null), readList({}), readList([1])]).toEqual([[], [], [], [1]]);
  });
});
