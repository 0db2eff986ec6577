import { Type, type Static } from 'typebox';

/**
 * Money on the wire: a decimal string and an ISO 4217 code. Floats never carry money between services.
 */
export const MoneySchema = Type.Object(
  {
    amount: Type.String({
      pattern: '^-?\\d{1,15}(\\.\\d{1,3})?$',
      description: 'Decimal string with exactly as many decimals as the currency has',
      examples: ['49.90', '1200', '3.250'],
    }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code', examples: ['EUR'] }),
  },
  { description: 'An exact amount of money' },
);
export type WireMoney = Static<typeof MoneySchema>;

/** Money inside a service: a safe integer of minor units (cents for EUR, whole yen for JPY, fils for KWD). */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

// ISO 4217 minor units that are not 2. `Intl` is not used: CLDR's digits are for display and differ (IQD, for one).
const CURRENCIES_WITHOUT_DECIMALS = new Set(
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
);
const CURRENCIES_WITH_THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Number of decimals of a currency: 0, 2 or 3. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (CURRENCIES_WITHOUT_DECIMALS.has(currency)) return 0;
  return CURRENCIES_WITH_THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** Money from minor units. Throws on anything but a safe integer: a wrong sum must never travel on. */
export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${minor} is not a safe integer of minor units`);
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError('A currency is three capital letters');
  // -0 would print as "-0.00".
  return { minor: minor === 0 ? 0 : minor, currency };
}

/**
 * Reads a decimal number exactly, as Mirakl sends it in JSON (its shortest decimal form is what was on the wire).
 * More decimals than the currency has are rounded half away from zero.
 * Returns undefined for what is not a finite decimal number: the caller decides what an unreadable amount means.
 */
export function parseMoney(value: unknown, currency: string): Money | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(plainDecimal(value));
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const decimals = decimalsOf(currency);
  // Digits of a safe integer are read exactly, and those of a larger one never give a safe integer.
  const kept = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const minor = Number(fraction[decimals] ?? '0') >= 5 ? kept + 1 : kept;
  if (!Number.isSafeInteger(minor)) return undefined;
  return money(sign === '-' ? -minor : minor, currency);
}

/** `1e-7` and the like are written out; anything else is left as it is. */
function plainDecimal(value: number | string): string {
  const text = String(value).trim();
  return typeof value === 'number' && text.includes('e') ? value.toFixed(12) : text;
}

/** The decimal string of an amount, with exactly the decimals of its currency. */
export function formatMinor(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

export function toWire(value: Money): WireMoney {
  return { amount: formatMinor(value.minor, value.currency), currency: value.currency };
}

/** Reads wire money that a schema has already accepted. Throws when it does not fit: that would be a bug, not bad input. */
export function fromWire(value: WireMoney): Money {
  const parsed = parseMoney(value.amount, value.currency);
  if (!parsed) throw new RangeError(`Not an amount of ${value.currency}`);
  return parsed;
}

/** Sum of amounts of one currency. Throws on mixed currencies: adding them raw is how totals go wrong. */
export function addMoney(first: Money, ...rest: readonly Money[]): Money {
  return rest.reduce((sum, next) => {
    if (next.currency !== sum.currency)
      throw new RangeError(`Cannot add ${next.currency} to ${sum.currency}`);
    return money(sum.minor + next.minor, sum.currency);
  }, first);
}

/**
 * Converts by a rate given as a decimal string ("0.92": one unit of the source is 0.92 units of the target).
 * Exact integer arithmetic, rounded half away from zero once at the end.
 */
export function convertMoney(value: Money, rate: string, currency: string): Money {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(rate);
  if (!match) throw new RangeError('A rate is a positive decimal string');
  const [, whole = '0', fraction = ''] = match;
  const exponent = decimalsOf(currency) - decimalsOf(value.currency) - fraction.length;
  const product = BigInt(Math.abs(value.minor)) * BigInt(whole + fraction);
  const scaled =
    exponent >= 0 ? product * 10n ** BigInt(exponent) : divideRounded(product, 10n ** BigInt(-exponent));
  return money(Number(value.minor < 0 ? -scaled : scaled), currency);
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n);
}
