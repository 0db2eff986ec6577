import type { JsonObject } from '../http/json.ts';
import { lineIdOf, returnsOf, type ReturnRow } from '../mirakl/list-returns.ts';
import { miraklDate } from '../mirakl/mirakl-dates.ts';
import { MiraklRefusal } from '../mirakl/mirakl-errors.ts';
import { dateOf, flatQuery, repeatedValues, type RawQuery } from '../mirakl/query.ts';
import { readSeekPage, seekPage } from '../mirakl/seek-page.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { ReturnState, TradeOrder } from '../trade/trade-order.ts';
import { connectOrderId, originOf, renderConnectOrder } from './render-connect-order.ts';

interface Owned<T> {
  readonly marketplace: Marketplace;
  readonly row: T;
}

/** Without `updated_from` Connect looks back this far. */
const defaultLookBackMs = 30 * 86_400_000;

const limits = { default: 10, most: 100 };

/** `GET /v2/orders` over all marketplaces of the company. Throws `MiraklRefusal` (400) on a bad parameter. */
export function listConnectOrders(
  marketplaces: readonly Marketplace[],
  asked: RawQuery,
  nowMs: number,
): JsonObject {
  const page = readSeekPage(asked, limits);
  const query = flatQuery(page.query);
  const ids = repeatedValues(page.query, 'order_ids');
  const statuses = repeatedValues(page.query, 'statuses');
  const from = dateOf(query, 'updated_from') ?? (ids ? 0 : nowMs - defaultLookBackMs);
  const { criterion, descending } = readSort(query['sort'], ['updated_at', 'created_at']);
  const found = marketplaces.flatMap((marketplace) =>
    marketplace.orders.flatMap((row): readonly Owned<TradeOrder>[] => {
      if (row.kind !== 'traded' || row.hidden || row.updatedMs < from) return [];
      if (ids && !ids.has(connectOrderId(marketplace, row))) return [];
      return [{ marketplace, row }];
    }),
  );
  const matching = statuses
    ? found.filter(({ marketplace, row }) =>
        statuses.has(String(renderConnectOrder(marketplace, row)['status'])),
      )
    : found;
  const keyOf = ({ marketplace, row }: Owned<TradeOrder>): { ms: number; id: string } => ({
    ms: criterion === 'updated_at' ? row.updatedMs : row.createdMs,
    id: connectOrderId(marketplace, row),
  });
  return seekPage(page, matching, { keyOf, descending }, ({ marketplace, row }) =>
    renderConnectOrder(marketplace, row),
  );
}

/** `GET /v2/orders/returns`. Throws `MiraklRefusal` (400): `updated_from` is required. */
export function listConnectReturns(marketplaces: readonly Marketplace[], asked: RawQuery): JsonObject {
  const page = readSeekPage(asked, limits);
  const query = flatQuery(page.query);
  const from = dateOf(query, 'updated_from');
  if (from === undefined) throw new MiraklRefusal(400, 'The parameter updated_from is required');
  const ids = repeatedValues(page.query, 'order_ids');
  const { descending } = readSort(query['sort'], ['updated_at']);
  const found = marketplaces.flatMap((marketplace) =>
    returnsOf(marketplace)
      .filter(({ row }) => row.updatedMs >= from)
      .filter(({ order }) => ids?.has(connectOrderId(marketplace, order)) ?? true)
      .map((row): Owned<ReturnRow> => ({ marketplace, row })),
  );
  const keyOf = ({ row: { row } }: Owned<ReturnRow>): { ms: number; id: string } => ({
    ms: row.updatedMs,
    id: row.id,
  });
  return seekPage(page, found, { keyOf, descending }, renderReturn);
}

function readSort(
  sort: string | undefined,
  criteria: readonly string[],
): { readonly criterion: string; readonly descending: boolean } {
  const [criterion = '', direction = 'DESC'] = (sort ?? 'updated_at,DESC').split(',');
  if (!criteria.includes(criterion)) throw new MiraklRefusal(400, 'The parameter sort is not valid');
  return { criterion, descending: direction.toUpperCase() !== 'ASC' };
}

const returnStatuses: Readonly<Record<ReturnState, string>> = {
  WAITING_ACCEPTANCE: 'REQUEST_INITIATED',
  IN_PROGRESS: 'OPENED',
  RECEIVED: 'RECEIVED',
  CLOSED: 'CLOSED',
  REFUSED: 'REQUEST_DECLINED',
};

const returnReasons: Readonly<Record<string, string>> = {
  RETURN_CHANGED_MIND: 'UNWANTED_ITEM',
  RETURN_DAMAGED_ITEM: 'DAMAGED_ITEM',
  RETURN_WRONG_ITEM: 'WRONG_ITEM',
};

function renderReturn({ marketplace, row: { order, row } }: Owned<ReturnRow>): JsonObject {
  const channel = marketplace.profile.connectChannelId;
  return {
    channel_return_id: row.id,
    channel_updated_at: miraklDate(row.updatedMs),
    created_at: miraklDate(row.createdMs),
    id: `${channel}_${row.id}`,
    method: 'RETURN_METHOD_BY_MAIL',
    order_id: connectOrderId(marketplace, order),
    origin: originOf(marketplace),
    return_lines: [
      {
        order_line_id: `${channel}_${lineIdOf(order, row.lineIndex)}`,
        quantity: row.quantity,
        reason: returnReasons[row.reasonCode] ?? 'OTHER',
      },
    ],
    status: returnStatuses[row.state],
    updated_at: miraklDate(row.updatedMs),
  };
}
