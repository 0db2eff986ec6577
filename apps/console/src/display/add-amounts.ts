import type { Amounts } from './amounts.tsx';

export const NO_AMOUNTS: Amounts = { orders: 0, money: {}, unknownMoney: 0 };

/** The sum of two sets of orders; money is added per currency, digit by digit, never as a float. */
export function addAmounts(one: Amounts, other: Amounts): Amounts {
  const money: Record<string, string> = { ...one.money };
  for (const [currency, amount] of Object.entries(other.money)) {
    money[currency] = addDecimals(money[currency] ?? '0', amount);
  }
  return {
    orders: one.orders + other.orders,
    money,
    unknownMoney: (one.unknownMoney ?? 0) + (other.unknownMoney ?? 0),
  };
}

/** "49.90" + "0.1" = "50.00": as many decimals as the longer one has. */
export function addDecimals(one: string, other: string): string {
  const decimals = Math.max(decimalsOf(one), decimalsOf(other));
  const sum = unitsOf(one, decimals) + unitsOf(other, decimals);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(decimals + 1, '0');
  const sign = sum < 0n ? '-' : '';
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function decimalsOf(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

function unitsOf(amount: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`);
}
