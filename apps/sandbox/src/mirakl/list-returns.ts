import type { JsonObject } from '../http/json.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { TradeOrder, TradeReturn } from '../trade/trade-order.ts';
import { miraklDate, parseMiraklDate } from './mirakl-dates.ts';
import { MiraklRefusal } from './mirakl-errors.ts';
import { readSeekPage, seekPage } from './seek-page.ts';
import type { Query } from './list-orders.ts';

interface ReturnRow {
  readonly order: TradeOrder;
  readonly row: TradeReturn;
}

/** RT11: returns by creation date, in seek pages. Throws `MiraklRefusal` (400) on a bad parameter. */
export function listReturns(marketplace: Marketplace, asked: Query): JsonObject {
  const page = readSeekPage(asked, { default: 10, most: 100 });
  const { query } = page;
  const from = dateOf(query, 'return_creation_date_from');
  const to = dateOf(query, 'return_creation_date_to');
  const updatedFrom = dateOf(query, 'return_last_updated_from');
  const updatedTo = dateOf(query, 'return_last_updated_to');
  const ids = setOf(query, 'return_id');
  const states = setOf(query, 'return_state');
  const lineIds = setOf(query, 'order_line_id');
  const commercialIds = setOf(query, 'order_commercial_id');
  const found = allReturns(marketplace).filter(
    ({ order, row }) =>
      row.createdMs >= (from ?? 0) &&
      row.createdMs <= (to ?? Number.POSITIVE_INFINITY) &&
      row.updatedMs >= (updatedFrom ?? 0) &&
      row.updatedMs <= (updatedTo ?? Number.POSITIVE_INFINITY) &&
      (!ids || ids.has(row.id)) &&
      (!states || states.has(row.state)) &&
      (!lineIds || lineIds.has(lineIdOf(order, row))) &&
      (!commercialIds || commercialIds.has(order.commercialId)),
  );
  return seekPage(page, found, ({ order, row }) => renderReturn(order, row));
}

function allReturns(marketplace: Marketplace): readonly ReturnRow[] {
  return marketplace.orders
    .flatMap((order) => (order.kind === 'traded' ? order.returns.map((row) => ({ order, row })) : []))
    .sort((left, right) => left.row.createdMs - right.row.createdMs || (left.row.id < right.row.id ? -1 : 1));
}

function lineIdOf(order: TradeOrder, row: TradeReturn): string {
  return `${order.orderId}-${row.lineIndex + 1}`;
}

function renderReturn(order: TradeOrder, row: TradeReturn): JsonObject {
  return {
    date_created: miraklDate(row.createdMs),
    documents: [],
    id: row.id,
    label_url: null,
    last_updated: miraklDate(row.updatedMs),
    method_code: 'RETURN_METHOD_BY_MAIL',
    order_commercial_id: order.commercialId,
    order_id: order.orderId,
    reason_code: row.reasonCode,
    rejection_reason_code: null,
    return_lines: [
      {
        compliance: null,
        order_line_id: lineIdOf(order, row),
        quantity: row.quantity,
        reason_code: row.reasonCode,
      },
    ],
    rma: null,
    state: row.state,
    tracking: null,
  };
}

function dateOf(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const ms = parseMiraklDate(text);
  if (ms === undefined) throw new MiraklRefusal(400, `The parameter ${name} is not a valid date`);
  return ms;
}

function setOf(query: Query, name: string): ReadonlySet<string> | undefined {
  const text = query[name];
  return text === undefined || text === '' ? undefined : new Set(text.split(','));
}
