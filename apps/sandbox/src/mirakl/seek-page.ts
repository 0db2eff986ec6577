import type { Json, JsonObject } from '../http/json.ts';
import { MiraklRefusal } from './mirakl-errors.ts';
import { flatQuery, type RawQuery } from './query.ts';

/** Where a row stands among the others: by time, then by id. */
export interface SeekKey {
  readonly ms: number;
  readonly id: string;
}

export interface SeekPage {
  /** The parameters in force: with a token those of the first page, whatever else was sent. */
  readonly query: RawQuery;
  readonly limit: number;
  /** Last row of the page before. */
  readonly after: SeekKey | undefined;
}

/** Reads `limit` and `page_token`. Throws `MiraklRefusal` (400) on one that cannot be read. */
export function readSeekPage(
  asked: RawQuery,
  limits: { readonly default: number; readonly most: number },
): SeekPage {
  const { page_token: token, limit = '' } = flatQuery(asked);
  if (token !== undefined && token !== '') return readToken(token);
  if (limit !== '' && !/^\d{1,6}$/.test(limit)) {
    throw new MiraklRefusal(400, 'The parameter limit is not a valid number');
  }
  const rows = Math.min(limits.most, Math.max(1, limit === '' ? limits.default : Number(limit)));
  return { query: asked, limit: rows, after: undefined };
}

/**
 * The page's rows, and a token when more follow. A token names the last row shown, not a number of rows: what comes
 * in or moves between two pages shifts nothing.
 */
export function seekPage<T>(
  page: SeekPage,
  rows: readonly T[],
  order: { readonly keyOf: (row: T) => SeekKey; readonly descending: boolean },
  render: (row: T) => Json,
): JsonObject {
  const direction = order.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: order.keyOf(row) }));
  keyed.sort((left, right) => direction * compare(left.key, right.key));
  const { after } = page;
  const following = after ? keyed.filter(({ key }) => direction * compare(key, after) > 0) : keyed;
  const shown = following.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    data: shown.map(({ row }) => render(row)),
    next_page_token: following.length > page.limit && last ? writeToken(page, last.key) : undefined,
  };
}

function compare(left: SeekKey, right: SeekKey): number {
  if (left.ms !== right.ms) return left.ms - right.ms;
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}

function writeToken(page: SeekPage, { ms, id }: SeekKey): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(page.query)) {
    if (value === undefined || name === 'limit' || name === 'page_token') continue;
    for (const each of typeof value === 'string' ? [value] : value) parameters.append(name, each);
  }
  return Buffer.from(`${page.limit} ${ms} ${encodeURIComponent(id)} ${parameters.toString()}`).toString(
    'base64url',
  );
}

function readToken(token: string): SeekPage {
  const [limit = '', ms = '', id = '', parameters = ''] = Buffer.from(token, 'base64url')
    .toString('utf8')
    .split(' ');
  if (!/^\d+$/.test(limit) || !/^\d+$/.test(ms)) {
    throw new MiraklRefusal(400, 'The parameter page_token is not valid');
  }
  const search = new URLSearchParams(parameters);
  const query = Object.fromEntries([...new Set(search.keys())].map((name) => [name, search.getAll(name)]));
  return { query, limit: Number(limit), after: { ms: Number(ms), id: decodeURIComponent(id) } };
}
