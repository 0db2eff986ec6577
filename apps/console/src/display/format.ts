/** Numbers, money and times in the viewer's own locale and time zone. */

const whole = new Intl.NumberFormat();

export function formatCount(count: number): string {
  return whole.format(count);
}

/** A decimal string as money; the digits are exact because they never become a float with more than 15 of them. */
export function formatMoney(amount: string, currency: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Number(amount));
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function formatTime(instant: string): string {
  return time.format(new Date(instant));
}

export function formatMoment(instant: string): string {
  return moment.format(new Date(instant));
}

/** The viewer's time zone by name: a time without one says nothing. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "3 minutes ago". */
export function formatAge(instant: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1_000));
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? UNITS[3];
  return ago.format(-Math.floor(seconds / size), unit);
}
