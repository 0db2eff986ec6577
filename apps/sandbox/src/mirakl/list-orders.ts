import type { Marketplace } from '../trade/marketplace.ts';
import type { TaxMode } from '../trade/marketplace-profile.ts';
import type { StoredOrder } from '../trade/trade-order.ts';
import { MiraklRefusal } from './mirakl-errors.ts';
import { dateOf, type Query } from './query.ts';

export interface OrderQuery {
  readonly max: number;
  readonly offset: number;
  readonly descending: boolean;
  readonly shownTaxMode: TaxMode | undefined;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly startUpdateMs: number | undefined;
  readonly endUpdateMs: number | undefined;
  readonly orderIds: ReadonlySet<string> | undefined;
  readonly commercialIds: ReadonlySet<string> | undefined;
  readonly states: ReadonlySet<string> | undefined;
  readonly channels: ReadonlySet<string> | undefined;
}

const defaultMax = 10;
const mostPerPage = 100;
const mostIds = 100;

/** Reads OR11's parameters. Throws `MiraklRefusal` (400) on what Mirakl refuses. */
export function readOrderQuery(query: Query): OrderQuery {
  return {
    max: Math.min(mostPerPage, Math.max(1, numberOf(query, 'max') ?? defaultMax)),
    offset: numberOf(query, 'offset') ?? 0,
    descending: query['order']?.toLowerCase() === 'desc',
    shownTaxMode: taxModeOf(query),
    startMs: dateOf(query, 'start_date'),
    endMs: dateOf(query, 'end_date'),
    startUpdateMs: dateOf(query, 'start_update_date'),
    endUpdateMs: dateOf(query, 'end_update_date'),
    orderIds: listOf(query, 'order_ids'),
    commercialIds: listOf(query, 'order_references_for_customer'),
    states: listOf(query, 'order_state_codes'),
    channels: listOf(query, 'channel_codes'),
  };
}

/** All orders that match, in the order they are paged through. */
export function selectOrders(marketplace: Marketplace, query: OrderQuery): readonly StoredOrder[] {
  const found = query.orderIds
    ? [...query.orderIds].flatMap((id) => marketplace.find(id) ?? []).sort(byCreation)
    : scan(marketplace, query);
  const matching = found.filter((order) => matches(marketplace, order, query));
  return query.descending ? matching.reverse() : matching;
}

function scan(marketplace: Marketplace, query: OrderQuery): readonly StoredOrder[] {
  return query.startMs === undefined
    ? marketplace.orders
    : marketplace.orders.slice(marketplace.firstCreatedFrom(query.startMs));
}

function matches(marketplace: Marketplace, order: StoredOrder, query: OrderQuery): boolean {
  const { profile } = marketplace;
  if (query.startUpdateMs !== undefined) {
    // Mirakl itself widens the window to the past, so the same order comes back again and again.
    if (order.hidden || order.updatedMs < query.startUpdateMs - profile.updateDateDeltaMs) return false;
  }
  if (query.endUpdateMs !== undefined && (order.hidden || order.updatedMs > query.endUpdateMs)) return false;
  if (query.startMs !== undefined && order.createdMs < query.startMs) return false;
  if (query.endMs !== undefined && order.createdMs > query.endMs) return false;
  if (query.states && !query.states.has(order.state)) return false;
  if (query.channels && !query.channels.has(profile.channel?.code ?? '')) return false;
  return !query.commercialIds || (order.kind === 'traded' && query.commercialIds.has(order.commercialId));
}

function byCreation(left: StoredOrder, right: StoredOrder): number {
  return left.createdMs - right.createdMs || (left.orderId < right.orderId ? -1 : 1);
}

function numberOf(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new MiraklRefusal(400, `The parameter ${name} is not a valid number`);
  return Number(text);
}

function listOf(query: Query, name: string): ReadonlySet<string> | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const values = text.split(',').map((value) => value.trim());
  if (values.length > mostIds) {
    throw new MiraklRefusal(400, `The limit of ${mostIds} is exceeded for the parameter : ${name}`);
  }
  return new Set(values);
}

function taxModeOf(query: Query): TaxMode | undefined {
  const text = query['order_tax_mode'];
  if (text === undefined || text === '') return undefined;
  if (text === 'TAX_INCLUDED' || text === 'TAX_EXCLUDED') return text;
  throw new MiraklRefusal(400, 'The parameter order_tax_mode must be TAX_INCLUDED or TAX_EXCLUDED');
}
