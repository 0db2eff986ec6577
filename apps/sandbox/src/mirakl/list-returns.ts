import type { JsonObject } from '../http/json.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { TradeOrder, TradeReturn } from '../trade/trade-order.ts';
import { miraklDate } from './mirakl-dates.ts';
import { dateOf, flatQuery, repeatedValues, type RawQuery } from './query.ts';
import { readSeekPage, seekPage } from './seek-page.ts';

export interface ReturnRow {
  readonly order: TradeOrder;
  readonly row: TradeReturn;
}

/** RT11: returns by creation date, in seek pages. Throws `MiraklRefusal` (400) on a bad parameter. */
export function listReturns(marketplace: Marketplace, asked: RawQuery): JsonObject {
  const page = readSeekPage(asked, { default: 10, most: 100 });
  const query = flatQuery(page.query);
  const from = dateOf(query, 'return_creation_date_from') ?? 0;
  const to = dateOf(query, 'return_creation_date_to') ?? Number.POSITIVE_INFINITY;
  const updatedFrom = dateOf(query, 'return_last_updated_from') ?? 0;
  const updatedTo = dateOf(query, 'return_last_updated_to') ?? Number.POSITIVE_INFINITY;
  const among = (name: string, value: string): boolean =>
    repeatedValues(page.query, name)?.has(value) ?? true;
  const found = returnsOf(marketplace).filter(
    ({ order, row }) =>
      row.createdMs >= from &&
      row.createdMs <= to &&
      row.updatedMs >= updatedFrom &&
      row.updatedMs <= updatedTo &&
      among('return_id', row.id) &&
      among('return_state', row.state) &&
      among('order_line_id', lineIdOf(order, row.lineIndex)) &&
      among('order_commercial_id', order.commercialId),
  );
  const keyOf = ({ row }: ReturnRow): { ms: number; id: string } => ({ ms: row.createdMs, id: row.id });
  return seekPage(page, found, { keyOf, descending: false }, renderReturn);
}

export function returnsOf(marketplace: Marketplace): readonly ReturnRow[] {
  return marketplace.orders.flatMap((order) =>
    order.kind === 'traded' ? order.returns.map((row) => ({ order, row })) : [],
  );
}

/** Mirakl's id of a line, from its place in the order. */
export function lineIdOf(order: TradeOrder, lineIndex: number): string {
  return `${order.orderId}-${lineIndex + 1}`;
}

function renderReturn({ order, row }: ReturnRow): JsonObject {
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
        order_line_id: lineIdOf(order, row.lineIndex),
        quantity: row.quantity,
        reason_code: row.reasonCode,
      },
    ],
    rma: null,
    state: row.state,
    tracking: null,
  };
}
