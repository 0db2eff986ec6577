import { formatMinor } from '@watertight/contracts';
import { reasonWords } from '../ledger/reason-words.ts';
import type { FinanceRow } from './finance.api.ts';
import type { BookedSum, FinanceSum } from './finance.store.ts';

export interface FinanceMarketplace {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
}

export type TransactionCounts = FinanceRow['transactions'];

export interface FinanceInput {
  readonly marketplaces: readonly FinanceMarketplace[];
  readonly sums: readonly FinanceSum[];
  readonly booked: readonly BookedSum[];
  /** By `<marketplace>|<month>`. */
  readonly transactions: ReadonlyMap<string, TransactionCounts>;
  readonly currency: string | undefined;
}

/** A row and its figures in minor units, for totals. */
interface Figures {
  readonly sales: number;
  readonly cancelations: number;
  readonly refunds: number;
  readonly net: number;
  readonly delivered: number;
}

const NOT_CHECKED: TransactionCounts = { allowed: false, matched: 0, missing: 0, different: 0 };

/**
 * One row per marketplace, month and currency. Pure. In every row net = sales − cancelations − refunds, difference =
 * net − delivered, and what was not delivered adds up to the difference; all in minor units, so to the cent.
 */
export function buildFinance(input: FinanceInput): FinanceRow[] {
  const sold = input.sums.filter(({ bucket }) => bucket !== 'not_a_sale');
  const keys = new Map<string, { marketplaceId: string; month: string; currency: string }>();
  for (const { marketplaceId, month, currency } of [...sold, ...input.booked]) {
    if (input.currency !== undefined && currency !== input.currency) continue;
    keys.set([marketplaceId, month, currency].join('|'), { marketplaceId, month, currency });
  }
  return [...keys.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, key]) => {
      const own = sold.filter((sum) => isOf(sum, key));
      // Orders whose amount nobody could read have no currency; they stand in a row of their own.
      return [rowOf(key, own, input)];
    });
}

/** Per currency the sums of all rows. Pure. */
export function financeTotals(
  sums: readonly FinanceSum[],
  currency: string | undefined,
): { currency: string; orders: number; figures: Record<keyof Figures | 'difference', string> }[] {
  const sold = sums.filter(
    (sum) =>
      sum.bucket !== 'not_a_sale' &&
      sum.currency !== '' &&
      (currency === undefined || sum.currency === currency),
  );
  return [...Map.groupBy(sold, (sum) => sum.currency)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, own]) => ({
      currency: code,
      orders: own.reduce((count, { orders }) => count + orders, 0),
      figures: textOf(figuresOf(own), code),
    }));
}

function rowOf(
  key: { marketplaceId: string; month: string; currency: string },
  sums: readonly FinanceSum[],
  input: FinanceInput,
): FinanceRow {
  const { marketplaceId, month, currency } = key;
  const marketplace = input.marketplaces.find(({ id }) => id === marketplaceId);
  const booked = input.booked.find((sum) => isOf(sum, key))?.refunds ?? 0;
  const total = (pick: (sum: FinanceSum) => number) => exactSum(sums.map(pick));
  return {
    marketplaceId,
    name: marketplace?.name ?? marketplaceId,
    month,
    timezone: marketplace?.timezone ?? 'UTC',
    currency,
    orders: total(({ orders }) => orders),
    unknownMoney: total(({ unknownMoney }) => unknownMoney),
    ...textOf(figuresOf(sums), currency),
    withoutTax: decimal(
      total(({ withoutTax }) => withoutTax),
      currency,
    ),
    withoutTaxUnknown: total(({ withoutTaxUnknown }) => withoutTaxUnknown),
    refundsBooked: decimal(booked, currency),
    notDelivered: notDeliveredOf(sums, currency),
    transactions: input.transactions.get(`${marketplaceId}|${month}`) ?? NOT_CHECKED,
  };
}

function notDeliveredOf(sums: readonly FinanceSum[], currency: string): FinanceRow['notDelivered'] {
  return sums
    .filter(({ bucket }) => bucket !== 'verified')
    .map(({ bucket, reason, orders, ...sum }) => ({
      bucket,
      reason,
      meaning: reason === null ? null : reasonWords(reason).meaning,
      orders,
      net: decimal(netOf(sum), currency),
    }))
    .sort((one, other) => other.orders - one.orders || one.bucket.localeCompare(other.bucket));
}

function figuresOf(sums: readonly FinanceSum[]): Figures {
  const total = (pick: (sum: FinanceSum) => number) => exactSum(sums.map(pick));
  return {
    sales: total(({ sales }) => sales),
    cancelations: total(({ cancelations }) => cancelations),
    refunds: total(({ refunds }) => refunds),
    net: total(netOf),
    delivered: total((sum) => (sum.bucket === 'verified' ? netOf(sum) : 0)),
  };
}

function textOf(figures: Figures, currency: string): Record<keyof Figures | 'difference', string> {
  return {
    sales: decimal(figures.sales, currency),
    cancelations: decimal(figures.cancelations, currency),
    refunds: decimal(figures.refunds, currency),
    net: decimal(figures.net, currency),
    delivered: decimal(figures.delivered, currency),
    difference: decimal(figures.net - figures.delivered, currency),
  };
}

function netOf({
  sales,
  cancelations,
  refunds,
}: Pick<FinanceSum, 'sales' | 'cancelations' | 'refunds'>): number {
  return sales - cancelations - refunds;
}

function isOf(
  sum: { marketplaceId: string; month: string; currency: string },
  key: { marketplaceId: string; month: string; currency: string },
): boolean {
  return sum.marketplaceId === key.marketplaceId && sum.month === key.month && sum.currency === key.currency;
}

/** Without a currency there is no amount either. */
function decimal(minor: number, currency: string): string {
  return currency === '' ? '0' : formatMinor(minor, currency);
}

function exactSum(parts: readonly number[]): number {
  const sum = parts.reduce((total, part) => total + part, 0);
  if (!Number.isSafeInteger(sum)) throw new RangeError('A sum of finance is too large to be exact');
  return sum;
}
