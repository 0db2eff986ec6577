import { badRequest } from './api-error.ts';

/** A part of time: from `from` to `to`, both ends included; null is without an end. */
export interface Range {
  readonly from: string | null;
  readonly to: string | null;
}

/** Throws ApiError (400) for a date that does not exist, or an end before its beginning. */
export function readRange(input: { readonly from?: string; readonly to?: string }): Range {
  const range = { from: boundary(input.from, 'from'), to: boundary(input.to, 'to') };
  if (range.from !== null && range.to !== null && range.from > range.to) {
    throw badRequest('from must not be after to');
  }
  return range;
}

/** A date alone means the whole day in UTC. */
function boundary(text: string | undefined, side: 'from' | 'to'): string | null {
  if (text === undefined) return null;
  const isDate = text.length === 10;
  const instant = new Date(isDate ? `${text}T${side === 'from' ? '00:00:00.000' : '23:59:59.999'}Z` : text);
  if (Number.isNaN(instant.getTime())) throw badRequest(`${side} is not a date that exists`);
  return instant.toISOString();
}

/** The number of rows of a page. Throws ApiError (400) when it is out of bounds. */
export function readLimit(limit: string | undefined, standard = 50, max = 200): number {
  const number = limit === undefined ? standard : Number(limit);
  if (number < 1 || number > max) throw badRequest(`limit must be from 1 to ${max}`);
  return number;
}
