import { type Bucket, BUCKETS, formatMinor } from '@watertight/contracts';
import type { SettledCut } from '../reconcile/settled-cut.ts';

/** A sum over the orders of one marketplace inside its window. */
export interface LedgerSum {
  readonly marketplaceId: string;
  readonly kind: Bucket | 'source';
  readonly reason: string;
  /** Empty for orders whose amount is unknown. */
  readonly currency: string;
  readonly orders: number;
  readonly minor: number;
  readonly unknownMoney: number;
}

/** The part of a marketplace that a balance speaks of. */
export interface BalanceWindow {
  readonly marketplaceId: string;
  readonly from: string;
  readonly to: string;
  /** Null before the first settled audit. */
  readonly cut: SettledCut | null;
  /** The window is the whole of what the audit counted, so Mirakl's own number holds for it. */
  readonly whole: boolean;
}

export interface Amounts {
  readonly orders: number;
  /** Per currency a decimal string. */
  readonly money: Readonly<Record<string, string>>;
  /** Orders whose amount is not known, and which are therefore in no sum of money. */
  readonly unknownMoney: number;
}

export interface BalanceSheet {
  readonly source: Amounts;
  readonly captured: Amounts;
  readonly buckets: Readonly<Record<Bucket, Amounts>>;
  readonly difference: Amounts;
}

interface Sum {
  orders: number;
  minor: Map<string, number>;
  unknownMoney: number;
}

/**
 * The balance of the given windows together. Difference = Mirakl's side less the sum of the buckets, in number and in
 * every currency that either side has. Pure.
 */
export function balanceOf(windows: readonly BalanceWindow[], sums: readonly LedgerSum[]): BalanceSheet {
  const buckets = new Map(BUCKETS.map((bucket) => [bucket, emptySum()]));
  const captured = emptySum();
  const source = emptySum();
  for (const sum of sums) {
    if (sum.kind === 'source') continue;
    add(buckets.get(sum.kind), sum);
    add(captured, sum);
  }
  for (const window of windows) addSource(source, window, sums);
  const difference = differenceOf(source, captured);
  const currencies = [...new Set([...source.minor.keys(), ...captured.minor.keys()])].sort();
  const bucketAmounts = (bucket: Bucket) => amountsOf(buckets.get(bucket) ?? emptySum(), []);
  return {
    source: amountsOf(source, currencies),
    captured: amountsOf(captured, currencies),
    buckets: {
      verified: bucketAmounts('verified'),
      in_flight: bucketAmounts('in_flight'),
      uncaptured_contact: bucketAmounts('uncaptured_contact'),
      withheld: bucketAmounts('withheld'),
      failed: bucketAmounts('failed'),
      erased: bucketAmounts('erased'),
      not_a_sale: bucketAmounts('not_a_sale'),
    },
    difference: amountsOf(difference, currencies),
  };
}

/**
 * Mirakl's side of one window: its own count where the window is what it counted, else the orders that it has shown
 * us. Orders that it counts and has not shown have no amount that anybody could know.
 */
function addSource(source: Sum, window: BalanceWindow, sums: readonly LedgerSum[]): void {
  const shown = emptySum();
  for (const sum of sums) {
    if (sum.kind === 'source' && sum.marketplaceId === window.marketplaceId) add(shown, sum);
  }
  const counted = window.whole && window.cut !== null ? window.cut.orders : shown.orders;
  source.orders += counted;
  source.unknownMoney += shown.unknownMoney + Math.max(0, counted - shown.orders);
  for (const [currency, minor] of shown.minor) addMinor(source, currency, minor);
}

function differenceOf(source: Sum, captured: Sum): Sum {
  const difference = emptySum();
  difference.orders = source.orders - captured.orders;
  difference.unknownMoney = source.unknownMoney - captured.unknownMoney;
  for (const [currency, minor] of source.minor) addMinor(difference, currency, minor);
  for (const [currency, minor] of captured.minor) addMinor(difference, currency, -minor);
  return difference;
}

function emptySum(): Sum {
  return { orders: 0, minor: new Map(), unknownMoney: 0 };
}

function add(into: Sum | undefined, sum: LedgerSum): void {
  if (into === undefined) return;
  into.orders += sum.orders;
  into.unknownMoney += sum.unknownMoney;
  if (sum.currency !== '') addMinor(into, sum.currency, sum.minor);
}

function addMinor(into: Sum, currency: string, minor: number): void {
  const total = (into.minor.get(currency) ?? 0) + minor;
  if (!Number.isSafeInteger(total)) throw new RangeError(`The sum in ${currency} is too large to be exact`);
  into.minor.set(currency, total);
}

/** With at least the given currencies, so that a difference of nothing reads 0.00 and not as nothing known. */
function amountsOf(sum: Sum, currencies: readonly string[]): Amounts {
  const listed = [...new Set([...currencies, ...sum.minor.keys()])].sort();
  const money = listed.map((currency) => [currency, formatMinor(sum.minor.get(currency) ?? 0, currency)]);
  return { orders: sum.orders, money: Object.fromEntries(money), unknownMoney: sum.unknownMoney };
}
