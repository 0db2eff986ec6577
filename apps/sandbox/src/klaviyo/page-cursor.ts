import { invalidParameter } from './klaviyo-errors.ts';

export type Query = Readonly<Record<string, string | undefined>>;

/** Reads `page[size]`. Throws `KlaviyoRefusal` (400) when it is not a whole number between 1 and `most`. */
export function pageSizeOf(
  query: Query,
  limits: { readonly default: number; readonly most: number },
): number {
  const text = query['page[size]'];
  if (text === undefined || text === '') return limits.default;
  const size = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > limits.most) {
    throw invalidParameter('page[size]', `Page size must be an integer between 1 and ${limits.most}.`);
  }
  return size;
}

/** A cursor names the last row of the page before, so that rows that come in meanwhile shift nothing. */
export function writeCursor(position: readonly number[]): string {
  return Buffer.from(position.join(' ')).toString('base64url');
}

/**
 * `page[cursor]` may be the whole `links.next` of the page before, as the official client sends it: then the
 * parameters of that link hold, unless they are given anew.
 */
export function unfoldCursor(query: Query): Query {
  const link = URL.parse(query['page[cursor]'] ?? '');
  if (!link) return query;
  const linked: Query = Object.fromEntries(link.searchParams);
  return { ...linked, ...query, 'page[cursor]': linked['page[cursor]'] };
}

/** Throws `KlaviyoRefusal` (400) on a cursor that this account did not give. */
export function readCursor(query: Query): readonly number[] | undefined {
  const text = query['page[cursor]'];
  if (text === undefined || text === '') return undefined;
  const position = Buffer.from(text, 'base64url').toString('utf8');
  if (!/^\d+(?: \d+)*$/.test(position)) throw invalidParameter('page[cursor]', 'Invalid cursor provided.');
  return position.split(' ').map(Number);
}

/** The `links` of a collection; `next` keeps all parameters and is a full URL. */
export function collectionLinks(
  { url, query }: { readonly url: string; readonly query: Query },
  next: string | undefined,
): { readonly self: string; readonly next?: string } {
  if (next === undefined) return { self: url };
  const nextUrl = new URL(url);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) nextUrl.searchParams.set(name, value);
  }
  nextUrl.searchParams.set('page[cursor]', next);
  return { self: url, next: nextUrl.href };
}

/** Reads a comma list such as `include=metric,profile`. Throws `KlaviyoRefusal` (400) on a value that is not allowed. */
export function listParameter(query: Query, name: string, allowed: readonly string[]): ReadonlySet<string> {
  const values = (query[name] ?? '').split(',').filter((value) => value !== '');
  const unknown = values.find((value) => !allowed.includes(value));
  if (unknown !== undefined)
    throw invalidParameter(name, `'${unknown}' is not one of: ${allowed.join(', ')}.`);
  return new Set(values);
}
