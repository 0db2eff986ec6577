import { decimalsOf } from '@watertight/contracts';
import type { Column } from '../http/write-csv.ts';
import writeXlsxFile, { type CellObject, type Sheet } from 'write-excel-file/node';
import type { Finance, FinanceRow, RefundCheck } from './finance.api.ts';

/** Amounts are columns of numbers in the spreadsheet, in the decimals of the row's currency. */
interface SheetColumn<T> extends Column<T> {
  readonly amount?: boolean;
  readonly width: number;
}

interface NotDelivered {
  readonly row: FinanceRow;
  readonly part: FinanceRow['notDelivered'][number];
}

const ROWS: readonly SheetColumn<FinanceRow>[] = [
  { heading: 'Marketplace', width: 24, text: ({ name }) => name },
  { heading: 'Marketplace id', width: 18, text: ({ marketplaceId }) => marketplaceId },
  { heading: 'Month', width: 10, text: ({ month }) => month },
  { heading: 'Time zone', width: 18, text: ({ timezone }) => timezone },
  { heading: 'Currency', width: 10, text: ({ currency }) => currency || 'unknown' },
  { heading: 'Orders', width: 10, text: ({ orders }) => orders },
  { heading: 'Orders of unknown amount', width: 14, text: ({ unknownMoney }) => unknownMoney },
  { heading: 'Sales', width: 14, amount: true, text: ({ sales }) => sales },
  { heading: 'Cancelations', width: 14, amount: true, text: ({ cancelations }) => cancelations },
  { heading: 'Refunds', width: 14, amount: true, text: ({ refunds }) => refunds },
  { heading: 'Net', width: 14, amount: true, text: ({ net }) => net },
  { heading: 'Delivered to Klaviyo', width: 20, amount: true, text: ({ delivered }) => delivered },
  { heading: 'Difference', width: 14, amount: true, text: ({ difference }) => difference },
  { heading: 'Without tax', width: 14, amount: true, text: ({ withoutTax }) => withoutTax },
  { heading: 'Orders of unknown tax', width: 14, text: ({ withoutTaxUnknown }) => withoutTaxUnknown },
  {
    heading: 'Refunds booked in the month',
    width: 16,
    amount: true,
    text: ({ refundsBooked }) => refundsBooked,
  },
  {
    heading: 'Transaction log',
    width: 16,
    text: ({ transactions }) => (transactions.allowed ? 'checked' : 'not read'),
  },
  { heading: 'Refunds matched', width: 10, text: ({ transactions }) => transactions.matched },
  { heading: 'Refunds missing', width: 10, text: ({ transactions }) => transactions.missing },
  { heading: 'Refunds different', width: 10, text: ({ transactions }) => transactions.different },
];

const NOT_DELIVERED: readonly SheetColumn<NotDelivered>[] = [
  { heading: 'Marketplace', width: 24, text: ({ row }) => row.name },
  { heading: 'Month', width: 10, text: ({ row }) => row.month },
  { heading: 'Currency', width: 10, text: ({ row }) => row.currency || 'unknown' },
  { heading: 'Bucket', width: 20, text: ({ part }) => part.bucket },
  { heading: 'Reason', width: 28, text: ({ part }) => part.reason },
  { heading: 'Meaning', width: 60, text: ({ part }) => part.meaning },
  { heading: 'Orders', width: 10, text: ({ part }) => part.orders },
  { heading: 'Net', width: 14, amount: true, text: ({ part }) => part.net },
];

const REFUNDS: readonly SheetColumn<RefundCheck>[] = [
  { heading: 'Order', width: 30, text: ({ orderKey }) => orderKey },
  { heading: 'Refund', width: 20, text: ({ refundId }) => refundId },
  { heading: 'Completed', width: 26, text: ({ completedAt }) => completedAt },
  { heading: 'Result', width: 12, text: ({ result }) => result },
  { heading: 'Currency', width: 10, text: currencyOfCheck },
  { heading: 'Refund amount', width: 14, amount: true, text: ({ refund }) => refund?.amount ?? null },
  {
    heading: 'Transaction log',
    width: 14,
    amount: true,
    text: ({ transaction }) => transaction?.amount ?? null,
  },
  { heading: 'Difference', width: 14, amount: true, text: ({ difference }) => difference?.amount ?? null },
];

/** The rows of finance as columns of a CSV file. */
export const FINANCE_COLUMNS: readonly Column<FinanceRow>[] = ROWS;

/** The workbook: rows, what was not delivered, refunds beside the transaction log, and what each number counts. */
export async function writeFinanceWorkbook(
  finance: Finance,
  refunds: readonly RefundCheck[],
  definitions: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const parts = finance.rows.flatMap((row) => row.notDelivered.map((part) => ({ row, part })));
  const asOf: SheetColumn<readonly [string, string]>[] = [
    { heading: 'Number', width: 22, text: ([name]) => name },
    { heading: 'What it counts', width: 110, text: ([, meaning]) => meaning },
  ];
  const notes: (readonly [string, string])[] = [
    ['As of', finance.asOf],
    ['Months', `${finance.from} to ${finance.to}`],
    ...Object.entries(definitions),
  ];
  const sheets: Sheet<Buffer>[] = [
    sheetOf('Finance', finance.rows, ROWS, ({ currency }) => currency),
    sheetOf('Not delivered', parts, NOT_DELIVERED, ({ row }) => row.currency),
    sheetOf('Refund check', refunds, REFUNDS, currencyOfCheck),
    sheetOf('What it counts', notes, asOf, () => ''),
  ];
  return writeXlsxFile(sheets).toBuffer();
}

function sheetOf<T>(
  name: string,
  rows: readonly T[],
  columns: readonly SheetColumn<T>[],
  currencyOf: (row: T) => string,
): Sheet<Buffer> {
  const header = columns.map(({ heading }): CellObject => ({
    value: heading,
    type: String,
    fontWeight: 'bold',
    wrap: true,
  }));
  return {
    sheet: name,
    stickyRowsCount: 1,
    columns: columns.map(({ width }) => ({ width })),
    data: [header, ...rows.map((row) => columns.map((column) => cellOf(column, row, currencyOf(row))))],
  };
}

function cellOf<T>({ text, amount }: SheetColumn<T>, row: T, currency: string): CellObject | null {
  const value = text(row);
  if (value === null || value === '') return null;
  if (amount === true) return { value: Number(value), type: Number, format: formatOf(currency) };
  return typeof value === 'number' ? { value, type: Number } : { value, type: String };
}

function formatOf(currency: string): string {
  const decimals = currency === '' ? 0 : decimalsOf(currency);
  return decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`;
}

function currencyOfCheck({ refund, transaction }: RefundCheck): string {
  return refund?.currency ?? transaction?.currency ?? '';
}
