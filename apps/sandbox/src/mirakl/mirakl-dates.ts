/** UTC with Z; milliseconds left out when they are zero, as Mirakl writes them. */
export function miraklDate(ms: number): string;
export function miraklDate(ms: number | null): string | null;
export function miraklDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace('.000Z', 'Z');
}

const isoForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Milliseconds of a date from a request, or `undefined` when it is none. A `+` that was not URL-encoded arrives as a
 * blank and is refused here, as it is at Mirakl.
 */
export function parseMiraklDate(text: string): number | undefined {
  if (!isoForm.test(text)) return undefined;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) && text.includes('T');
  const ms = Date.parse(zoned ? text : text.includes('T') ? `${text}Z` : text);
  return Number.isNaN(ms) ? undefined : ms;
}
