import { stringify } from 'csv-stringify/sync';

/** A column of a table: its heading, and what stands in it. */
export interface Column<T> {
  readonly heading: string;
  readonly text: (row: T) => string | number | null;
}

/**
 * RFC 4180 with a byte-order mark, so that spreadsheets read it as UTF-8. A text that a spreadsheet would run as a
 * formula (an order number that begins with "=", say) is made plain text. Amounts may be negative: they stay numbers.
 */
export function writeCsv<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const records = rows.map((row) => columns.map(({ text }) => plain(text(row))));
  return stringify([columns.map(({ heading }) => heading), ...records], {
    bom: true,
    record_delimiter: 'windows',
  });
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function plain(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
