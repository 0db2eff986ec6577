import type { MiraklSource, OrderPage } from '../mirakl/mirakl-source.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';

export interface FetchedOrders {
  readonly pages: readonly OrderPage[];
  /** Ids that Mirakl refuses to be asked for. */
  readonly refused: readonly string[];
}

/**
 * Orders by id. When Mirakl refuses the call because of one id, the list is halved until that id is alone, so that it
 * does not stop the others. Throws MiraklError for everything else.
 */
export async function fetchOrdersById(
  source: MiraklSource,
  orderIds: readonly string[],
  signal: AbortSignal,
): Promise<FetchedOrders> {
  try {
    return { pages: [await source.listOrdersByIds(orderIds, signal)], refused: [] };
  } catch (error) {
    if (!(error instanceof MiraklError) || error.kind !== 'rejected') throw error;
    if (orderIds.length <= 1) return { pages: [], refused: orderIds };
  }
  const middle = Math.ceil(orderIds.length / 2);
  const first = await fetchOrdersById(source, orderIds.slice(0, middle), signal);
  const second = await fetchOrdersById(source, orderIds.slice(middle), signal);
  return { pages: [...first.pages, ...second.pages], refused: [...first.refused, ...second.refused] };
}
