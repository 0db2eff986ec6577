/** Numbers, money and times in the viewer's own locale and time zone. */

const whole = new Intl.NumberFormat();
const orderWords = new Intl.PluralRules('en');
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** "1 order", "1,204 orders". */
export function formatOrders(count: number): string {
  return `${whole.format(count)} ${orderWords.select(count) === 'one' ? 'order' : 'orders'}`;
}

/** 0.1234 → "12.3 %". */
export function formatShare(ratio: number): string {
  return share.format(ratio);
}

const moneyFormats = new Map<string, Intl.NumberFormat>();

/** A decimal string as money; the digits are exact because they never become a float with more than 15 of them. */
export function formatMoney(amount: string, currency: string): string {
  // An order that could not be read has no currency: Intl would throw.
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${amount} ${currency}`.trim();
  const decimals = amount.split('.')[1]?.length ?? 0;
  const key = `${currency}${decimals}`;
  const format =
    moneyFormats.get(key) ??
    new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  moneyFormats.set(key, format);
  return format.format(Number(amount));
}

/** All currencies of a sum on one line: "€1,204.10 · $88.00"; an empty sum is a dash. */
export function formatSums(money: Readonly<Record<string, string>>): string {
  const sums = Object.entries(money).map(([currency, amount]) => formatMoney(amount, currency));
  return sums.length === 0 ? '–' : sums.join(' · ');
}

/** True when no currency has anything in it. */
export function isNothing(money: Readonly<Record<string, string>>): boolean {
  return Object.values(money).every((amount) => Number(amount) === 0);
}

const minute = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export function formatMinute(instant: string): string {
  return minute.format(new Date(instant));
}

export function formatMoment(instant: string): string {
  return moment.format(new Date(instant));
}

export function formatDay(instant: string): string {
  return day.format(new Date(instant));
}

/** The viewer's time zone by name: a time without one says nothing. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "3 minutes ago", "in 2 days"; steps of ten seconds below a minute, so that it does not flicker. */
export function formatAge(instant: string, now: number): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1_000);
  const size = Math.abs(seconds);
  const [unit, each] = UNITS.find(([, one]) => size >= one) ?? UNITS[3];
  if (unit === 'second') return relative.format(Math.trunc(seconds / 10) * 10, 'second');
  return relative.format(Math.trunc(seconds / each), unit);
}

/** "2 h 10 min" of a number of seconds. */
export function formatDuration(seconds: number): string {
  const format = (value: number, unit: string) =>
    new Intl.NumberFormat(undefined, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }).format(value);
  if (seconds < 60) return format(Math.round(seconds), 'second');
  if (seconds < 3_600) return format(Math.round(seconds / 60), 'minute');
  if (seconds < 86_400) {
    const hours = Math.floor(seconds / 3_600);
    const minutes = Math.round((seconds % 3_600) / 60);
    return minutes === 0 ? format(hours, 'hour') : `${format(hours, 'hour')} ${format(minutes, 'minute')}`;
  }
  return format(Math.floor(seconds / 86_400), 'day');
}
