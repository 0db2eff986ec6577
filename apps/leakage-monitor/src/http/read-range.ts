import { badRequest } from './api-error.ts';

/** Both ends included; null is open. */
export interface InstantRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** Instants of a range as it was asked for; a date alone means the whole day in UTC. Throws ApiError (400). */
export function rangeOf(query: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): InstantRange {
  const range = { from: boundary(query.from, 'from'), to: boundary(query.to, 'to') };
  if (range.from !== null && range.to !== null && range.from > range.to) {
    throw badRequest('from must not be after to');
  }
  return range;
}

function boundary(text: string | undefined, side: 'from' | 'to'): string | null {
  if (text === undefined) return null;
  const isDate = text.length === 10;
  const instant = new Date(isDate ? `${text}T${side === 'from' ? '00:00:00.000' : '23:59:59.999'}Z` : text);
  if (Number.isNaN(instant.getTime())) throw badRequest(`${side} is not a date that exists`);
  return instant.toISOString();
}
