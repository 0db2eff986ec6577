import { formatMinor } from '@watertight/contracts';
import type { Amounts } from '../ledger/balance.ts';

/** A part of a sum: orders of one currency; an empty currency is for orders whose amount is unknown. */
export interface AmountPart {
  readonly currency: string;
  readonly orders: number;
  readonly minor: number;
  readonly unknownMoney: number;
}

/**
 * Adds parts up. Pure. Throws RangeError for a sum that is too large to be exact. The answer may be changed by nobody
 * but its caller: it is new each time.
 */
export function sumAmounts(parts: readonly AmountPart[]): {
  orders: number;
  money: Record<string, string>;
  unknownMoney: number;
} {
  const minor = new Map<string, number>();
  let orders = 0;
  let unknownMoney = 0;
  for (const part of parts) {
    orders += part.orders;
    unknownMoney += part.unknownMoney;
    if (part.currency === '') continue;
    const sum = (minor.get(part.currency) ?? 0) + part.minor;
    if (!Number.isSafeInteger(sum))
      throw new RangeError(`The sum in ${part.currency} is too large to be exact`);
    minor.set(part.currency, sum);
  }
  const money = [...minor]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, sum]) => [currency, formatMinor(sum, currency)]);
  return { orders, money: Object.fromEntries(money), unknownMoney } satisfies Amounts;
}
