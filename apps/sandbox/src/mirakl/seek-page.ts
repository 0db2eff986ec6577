import type { Json, JsonObject } from '../http/json.ts';
import type { Query } from './list-orders.ts';
import { MiraklRefusal } from './mirakl-errors.ts';

export interface SeekPage {
  /** The parameters in force: with a token, those of the first page, whatever else was sent. */
  readonly query: Query;
  readonly limit: number;
  readonly offset: number;
}

/** Reads `limit` and `page_token`. Throws `MiraklRefusal` (400) on one that cannot be read. */
export function readSeekPage(
  asked: Query,
  limits: { readonly default: number; readonly most: number },
): SeekPage {
  const token = asked['page_token'];
  if (token !== undefined && token !== '') return readToken(token);
  const text = asked['limit'] ?? '';
  if (text !== '' && !/^\d{1,6}$/.test(text))
    throw new MiraklRefusal(400, 'The parameter limit is not a valid number');
  const limit = Math.min(limits.most, Math.max(1, text === '' ? limits.default : Number(text)));
  return { query: asked, limit, offset: 0 };
}

/** `{data, next_page_token, previous_page_token}`; a token that leads nowhere is absent. */
export function seekPage<T>(page: SeekPage, rows: readonly T[], render: (row: T) => Json): JsonObject {
  const { limit, offset, query } = page;
  const next = offset + limit < rows.length ? writeToken(query, limit, offset + limit) : undefined;
  const previous = offset > 0 ? writeToken(query, limit, Math.max(0, offset - limit)) : undefined;
  return {
    data: rows.slice(offset, offset + limit).map(render),
    next_page_token: next,
    previous_page_token: previous,
  };
}

function writeToken(query: Query, limit: number, offset: number): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, value);
  }
  return Buffer.from(`${limit} ${offset} ${parameters.toString()}`).toString('base64url');
}

function readToken(token: string): SeekPage {
  const [limit, offset, query = ''] = Buffer.from(token, 'base64url').toString('utf8').split(' ');
  if (!/^\d+$/.test(limit ?? '') || !/^\d+$/.test(offset ?? '')) {
    throw new MiraklRefusal(400, 'The parameter page_token is not valid');
  }
  return {
    query: Object.fromEntries(new URLSearchParams(query)),
    limit: Number(limit),
    offset: Number(offset),
  };
}
