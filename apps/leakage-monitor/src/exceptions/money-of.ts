import { formatMinor } from '@watertight/contracts';

/** Per currency the sum, as decimal text. */
export function moneyOf(
  parts: readonly { readonly currency: string | null; readonly minor: string }[],
): Record<string, string> {
  const sums = new Map<string, number>();
  for (const { currency, minor } of parts) {
    if (currency !== null) sums.set(currency, (sums.get(currency) ?? 0) + Number(minor));
  }
  return Object.fromEntries(
    [...sums].sort().map(([currency, minor]) => [currency, formatMinor(minor, currency)]),
  );
}
