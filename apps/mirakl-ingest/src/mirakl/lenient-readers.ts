/**
 * Readers for what Mirakl may leave out, send as null, as "" or as something new. None of them throws: what does
 * not fit reads as absent.
 */

/** The members of a JSON object; none for anything else, such as the "" that some operators send for null. */
export function readObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Trimmed text, cut at `maxLength` characters. Numbers count as text, since ids come as either; "" is absent. */
export function readText(value: unknown, maxLength = 10_000): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim().slice(0, maxLength);
  return text === '' ? null : text;
}

/** A count of units. Absent, negative or not a number reads as null; a broken unit is rounded down. */
export function readQuantity(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? Math.trunc(value)
    : null;
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A point in time in UTC. Mirakl omits milliseconds where they are .000, but not everywhere; both forms read as the
 * same text. A time without zone is UTC, as all of Mirakl's answers are.
 */
export function readTimestamp(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const [, local, zone = 'Z'] = TIMESTAMP.exec(value.trim()) ?? [];
  if (local === undefined) return null;
  const milliseconds = Date.parse(`${local}${zone}`);
  return Number.isNaN(milliseconds) ? null : formatTimestamp(new Date(milliseconds));
}

/** ISO 8601 in UTC, without the milliseconds where there are none. */
export function formatTimestamp(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}
