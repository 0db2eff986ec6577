/**
 * Where the next page of an offset-paged list begins, as the query that asks for it; null on the last page. Pure.
 *
 * The `Link` header (rel="next") leads. Only its query is taken, and our own parameters are put over it: the API key
 * thus goes to no other host or path, and a link that forgot the shop id cannot make us read another shop. Without a
 * usable link the count and the page's size decide, so that a missing header does not hide what comes after page one.
 */
export function nextPage(answered: AnsweredPage): URLSearchParams | null {
  const { query, url, link, orders, totalCount } = answered;
  const offset = Number(query.get('offset') ?? '0');
  // Past the end there is nothing, whatever a link says.
  if (orders === 0) return null;
  const linked = followLink(url, link, query);
  if (linked !== undefined && Number(linked.get('offset')) > offset) return linked;
  const seen = offset + orders;
  const max = Number(query.get('max'));
  const isMore = totalCount === null ? orders >= max : seen < totalCount;
  return isMore ? withOffset(query, seen) : null;
}

export interface AnsweredPage {
  /** The query of the page that was answered. */
  readonly query: URLSearchParams;
  /** The address that was asked, without query. */
  readonly url: string;
  /** The `Link` header of the answer. */
  readonly link: string | undefined;
  /** How many orders the page held. */
  readonly orders: number;
  readonly totalCount: number | null;
}

function followLink(
  url: string,
  link: string | undefined,
  query: URLSearchParams,
): URLSearchParams | undefined {
  const target = nextOf(link);
  const linked = target === undefined ? null : URL.parse(target, url);
  const asked = new URL(url);
  if (linked === null || linked.origin !== asked.origin || linked.pathname !== asked.pathname)
    return undefined;
  const offset = linked.searchParams.get('offset');
  if (offset === null || !/^\d{1,9}$/.test(offset)) return undefined;
  const next = new URLSearchParams(linked.searchParams);
  for (const [name, value] of query) next.set(name, value);
  next.set('offset', offset);
  return next;
}

/** `<https://…>; rel="previous", <https://…>; rel="next"` */
function nextOf(link: string | undefined): string | undefined {
  const entries = (link ?? '').matchAll(/<([^>]*)>([^<]*)/g);
  return [...entries].find(([, , parameters]) => /\brel\s*=\s*"?next\b/i.test(parameters ?? ''))?.[1];
}

function withOffset(query: URLSearchParams, offset: number): URLSearchParams {
  const next = new URLSearchParams(query);
  next.set('offset', String(offset));
  return next;
}
