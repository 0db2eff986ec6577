import { listAt, memberAt, textAt, type Json, type JsonObject } from '../http/json.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { StoredOrder } from '../trade/trade-order.ts';
import { readOrderQuery, selectOrders, type OrderQuery } from './list-orders.ts';
import { miraklDate } from './mirakl-dates.ts';
import { MiraklRefusal } from './mirakl-errors.ts';

interface OrderExport {
  readonly marketplaceId: string;
  readonly query: OrderQuery;
  readonly itemsPerChunk: number;
  readonly readyMs: number;
  readonly fails: boolean;
  /** Chosen when the export is first found ready. */
  orders: readonly StoredOrder[] | undefined;
}

const longestRangeMs = 366 * 86_400_000;
const chunkBounds = { least: 10_000, most: 1_000_000 };

/** OR13, OR14, OR15: asynchronous exports, one at a time per shop. */
export class OrderExports {
  private readonly exports = new Map<string, OrderExport>();

  /** OR13. Throws `MiraklRefusal`: 400 on a bad range or while another export runs, 403 where exports are closed. */
  create(marketplace: Marketplace, body: Json, nowMs: number): string {
    const { profile } = marketplace;
    if (profile.exports === 'closed') throw new MiraklRefusal(403, 'You are not allowed to use this API');
    const running = [...this.exports.values()].some(
      ({ marketplaceId, readyMs }) => marketplaceId === profile.id && readyMs > nowMs,
    );
    if (running) throw new MiraklRefusal(400, 'An export is already in progress for this shop');
    const query = readExportQuery(body);
    const trackingId = new SeededRandom('export', profile.id, this.exports.size, nowMs).uuid();
    this.exports.set(trackingId, {
      marketplaceId: profile.id,
      query,
      itemsPerChunk: Math.min(profile.exportChunkItems, readItemsPerChunk(body)),
      readyMs: nowMs + profile.exportMs,
      fails: profile.exports === 'failing',
      orders: undefined,
    });
    return trackingId;
  }

  /** OR14. Throws `MiraklRefusal` (404) on an id of another shop. */
  status(marketplace: Marketplace, trackingId: string, baseUrl: string, nowMs: number): JsonObject {
    const found = this.find(marketplace, trackingId);
    const ready = found.readyMs <= nowMs;
    const last_updated = miraklDate(Math.min(nowMs, found.readyMs));
    if (!ready) return { last_updated, status: 'PENDING' };
    if (found.fails) return { last_updated, status: 'FAILED' };
    found.orders ??= selectOrders(marketplace, found.query);
    const chunks = Math.max(1, Math.ceil(found.orders.length / found.itemsPerChunk));
    const urls = Array.from({ length: chunks }, (_, chunk) => `${baseUrl}/${trackingId}?file=${chunk}`);
    return { last_updated, status: 'COMPLETED', urls };
  }

  /** OR15: the orders of one chunk, and how to show their amounts. Throws `MiraklRefusal` (404) before completion. */
  chunk(
    marketplace: Marketplace,
    trackingId: string,
    file: string | undefined,
  ): { readonly orders: readonly StoredOrder[]; readonly query: OrderQuery } {
    const { orders, itemsPerChunk, query } = this.find(marketplace, trackingId);
    const number = /^\d{1,6}$/.test(file ?? '') ? Number(file) : -1;
    if (!orders || number < 0 || (number > 0 && number * itemsPerChunk >= orders.length)) {
      throw new MiraklRefusal(404, 'Not found');
    }
    return { orders: orders.slice(number * itemsPerChunk, (number + 1) * itemsPerChunk), query };
  }

  private find(marketplace: Marketplace, trackingId: string): OrderExport {
    const found = this.exports.get(trackingId);
    if (!found || found.marketplaceId !== marketplace.profile.id) throw new MiraklRefusal(404, 'Not found');
    return found;
  }
}

function readExportQuery(body: Json): OrderQuery {
  const names = ['start_date', 'end_date', 'start_update_date', 'end_update_date', 'order_tax_mode'];
  const given = names.map((name) => [name, textAt(body, name)] as const);
  const lists = ['order_state_codes', 'channel_codes'].map((name) => {
    const values = listAt(body, name).filter((value) => typeof value === 'string');
    return [name, values.length > 0 ? values.join(',') : undefined] as const;
  });
  const query = readOrderQuery(Object.fromEntries([...given, ...lists]));
  const hasCreation = checkRange(query.startMs, query.endMs, 'start_date and end_date');
  const hasUpdate = checkRange(
    query.startUpdateMs,
    query.endUpdateMs,
    'start_update_date and end_update_date',
  );
  if (!hasCreation && !hasUpdate) throw new MiraklRefusal(400, 'At least one date range must be given');
  return query;
}

/** Whether the pair is there. Half a pair, and a range of more than a year, is refused. */
function checkRange(fromMs: number | undefined, toMs: number | undefined, names: string): boolean {
  if (fromMs === undefined && toMs === undefined) return false;
  if (fromMs === undefined || toMs === undefined)
    throw new MiraklRefusal(400, `${names} must be used together`);
  if (toMs < fromMs) throw new MiraklRefusal(400, `${names} are in the wrong order`);
  if (toMs - fromMs > longestRangeMs)
    throw new MiraklRefusal(400, `${names} must not be more than one year apart`);
  return true;
}

function readItemsPerChunk(body: Json): number {
  const items = memberAt(body, 'items_per_chunk') ?? chunkBounds.most;
  if (typeof items !== 'number' || items < chunkBounds.least || items > chunkBounds.most) {
    throw new MiraklRefusal(
      400,
      `items_per_chunk must be between ${chunkBounds.least} and ${chunkBounds.most}`,
    );
  }
  return items;
}
