import { describe, expect, it } from '@jest/globals';
import { writeCsv } from './write-csv.ts';

const csvOf = (values: readonly (string | number | null)[]) =>
  writeCsv(values, [{ heading: 'value', text: (value: string | number | null) => value }]);

describe('a CSV file', () => {
  it('is marked as UTF-8, quotes what needs it, and ends lines as spreadsheets do', () => {
    expect(csvOf(['a,b', 'say "é"', null])).toBe('\uFEFFvalue\r\n"a,b"\r\n"say ""é"""\r\n\r\n');
  });

  it('never lets a spreadsheet run what came from outside, and keeps amounts numbers', () => {
    expect(
      csvOf(['=HYPERLINK("x")', '@SUM(A1)', '+1+1', '-1+1', '\tx', '-12.50', 7]).split('\r\n').slice(1, -1),
    ).toEqual([`"'=HYPERLINK(""x"")"`, `'@SUM(A1)`, `'+1+1`, `'-1+1`, `'\tx`, '-12.50', '7']);
  });
});
