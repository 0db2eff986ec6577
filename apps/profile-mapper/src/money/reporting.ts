import { convertMoney, fromWire, type Money, toWire, type WireMoney } from '@watertight/contracts';

/** The currency that sums are kept in, and what one unit of the others is worth in it. */
export interface Rates {
  readonly reportingCurrency: string;
  readonly rates: ReadonlyMap<string, string>;
}

/**
 * Amounts past this many minor units are refused at the door: sums of them would leave the safe integers, and a sum
 * that is off by one is wrong.
 */
export const AMOUNT_MAX_MINOR = 10 ** 12;

/** In the reporting currency; undefined when there is no rate, and then the amount must stay out of sums. */
export function toReporting(amount: Money, { reportingCurrency, rates }: Rates): Money | undefined {
  if (amount.currency === reportingCurrency) return amount;
  const rate = rates.get(amount.currency);
  if (rate === undefined || Math.abs(amount.minor) * Number(rate) > AMOUNT_MAX_MINOR) return undefined;
  return convertMoney(amount, rate, reportingCurrency);
}

/** As toReporting, from and to the wire form; null where there is no amount or no rate. */
export function wireToReporting(amount: WireMoney | null, rates: Rates): WireMoney | null {
  const converted = amount === null ? undefined : toReporting(fromWire(amount), rates);
  return converted === undefined ? null : toWire(converted);
}

export function readMoney(amount: WireMoney | null): Money | null {
  return amount === null ? null : fromWire(amount);
}
