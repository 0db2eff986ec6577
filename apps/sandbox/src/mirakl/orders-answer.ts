import type { FaultTable } from '../faults/fault-table.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { StoredOrder } from '../trade/trade-order.ts';
import { readOrderQuery, selectOrders, type OrderQuery } from './list-orders.ts';
import type { Query } from './query.ts';
import { renderOrder } from './render-order.ts';
import { shiftPages } from './shift-pages.ts';

/** OR11. Built as text, so that an order a test put there goes out letter by letter. */
export function listOrders(
  faults: FaultTable,
  call: {
    readonly marketplace: Marketplace;
    readonly query: Query;
    readonly url: URL;
    readonly nowMs: number;
  },
): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const { marketplace } = call;
  const query = readOrderQuery(call.query);
  const found = selectOrders(marketplace, query);
  const page = found.slice(query.offset, query.offset + query.max);
  const texts = page.map((order) => orderText(marketplace, order, query));
  if (faults.strikeKind(`mirakl:${marketplace.profile.id}`, 'page-shift', '/api/orders')) {
    shiftPages(marketplace, found, query, call.nowMs);
  }
  const link = linkHeader(call.url, query, found.length);
  return {
    body: `{"orders":[${texts.join(',')}],"total_count":${found.length}}`,
    headers: link === '' ? {} : { link },
  };
}

/** `{"orders":[…]}` in pieces, so that a file of any size needs no memory. */
export function* orderTexts(
  marketplace: Marketplace,
  orders: readonly StoredOrder[],
  query: OrderQuery,
): Iterable<string> {
  const perPiece = 50;
  yield '{"orders":[';
  for (let index = 0; index < orders.length; index += perPiece) {
    const texts = orders.slice(index, index + perPiece).map((order) => orderText(marketplace, order, query));
    yield (index === 0 ? '' : ',') + texts.join(',');
  }
  yield ']}';
}

function orderText(marketplace: Marketplace, order: StoredOrder, query: OrderQuery): string {
  if (order.kind === 'raw') return order.text;
  return JSON.stringify(renderOrder(marketplace, order, query.shownTaxMode ?? marketplace.profile.taxMode));
}

function linkHeader(asked: URL, query: OrderQuery, total: number): string {
  const url = (offset: number): string => {
    const target = new URL(asked);
    target.searchParams.set('max', String(query.max));
    target.searchParams.set('offset', String(offset));
    return target.href;
  };
  const links: string[] = [];
  if (query.offset > 0) links.push(`<${url(Math.max(0, query.offset - query.max))}>; rel="previous"`);
  if (query.offset + query.max < total) links.push(`<${url(query.offset + query.max)}>; rel="next"`);
  return links.join(', ');
}
