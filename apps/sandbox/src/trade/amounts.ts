const zeroDecimals = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));
const threeDecimals = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Number of decimals of a currency: 0 (JPY), 3 (KWD) or 2. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (zeroDecimals.has(currency)) return 0;
  return threeDecimals.has(currency) ? 3 : 2;
}

/** Minor units as the JSON number Mirakl writes: 4990 EUR cents → 49.9. One division is exact to the last digit. */
export function toAmountNumber(minor: number, currency: string): number {
  return minor / 10 ** decimalsOf(currency);
}

/** Minor units as a decimal text with all decimals of the currency: 4990 → "49.90". */
export function toAmountText(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const sign = minor < 0 ? '-' : '';
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Minor units of a JSON number, or `undefined` when the number has more decimals than its currency, or is so large
 * or small that it is written with an exponent. Works on the digits, never on the binary fraction.
 */
export function toMinor(amount: number, currency: string): number | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const decimals = decimalsOf(currency);
  if (fraction.length > decimals) return undefined;
  const minor = Number(whole + fraction.padEnd(decimals, '0'));
  if (!Number.isSafeInteger(minor)) return undefined;
  return sign === '-' && minor !== 0 ? -minor : minor;
}

/** `part / whole` of an amount, rounded half up to a minor unit. */
export function shareOf(minor: number, part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((minor * part) / whole);
}
