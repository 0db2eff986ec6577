import type { JsonObject } from '../../http/json.ts';
import { KlaviyoRefusal } from '../klaviyo-errors.ts';
import type { Asked } from '../list-events.ts';
import { collectionLinks, pageSizeOf, readCursor, writeCursor } from '../page-cursor.ts';
import { parseFilter } from '../parse-filter.ts';

const rules = { name: ['any', 'equals'], id: ['any', 'equals'] };

/** One page of segments or templates, by `filter` and `page[cursor]`: at most 10, as Klaviyo documents for both. */
export function pageOf<T extends { readonly id: string; readonly name: string }>(
  all: readonly T[],
  asked: Asked,
  render: (asset: T) => JsonObject,
): JsonObject {
  const size = pageSizeOf(asked.query, { default: 10, most: 10 });
  const terms = parseFilter(asked.query['filter'], rules);
  const [offset = 0] = readCursor(asked.query) ?? [];
  const found = all.filter((asset) =>
    terms.every(({ field, values }) => values.includes(field === 'id' ? asset.id : asset.name)),
  );
  const next = found.length > offset + size ? writeCursor([offset + size]) : undefined;
  return {
    data: found.slice(offset, offset + size).map(render),
    links: { ...collectionLinks(asked, next) },
  };
}

/** Throws `KlaviyoRefusal` (404) when the account has none with this id. */
export function findById<T extends { readonly id: string }>(
  all: readonly T[],
  id: string,
  kind: 'segment' | 'template',
): T {
  const found = all.find((asset) => asset.id === id);
  if (found) return found;
  const detail = `A ${kind} with id ${id} does not exist.`;
  throw new KlaviyoRefusal(404, [{ code: 'not_found', title: 'Not found.', detail }]);
}
