import { type Command, marketplaceIdOf, orderIdOf } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Logger } from '@watertight/service';
import { type CaptureParts, publishPage } from '../capture/publish-page.ts';
import { keyOfSourceOrder } from '../capture/detect-changes.ts';
import { type MiraklSource, ORDER_IDS_MAX } from '../mirakl/mirakl-source.ts';
import { fetchOrdersById } from '../refunds/fetch-orders-by-id.ts';
import { forgetWanted, readWanted, type WantedOrder } from './wanted-order.store.ts';

/**
 * Orders that a command asks Mirakl for again: a refetch, or the replay of this stage. The handler only notes them;
 * the replica that polls the marketplace fetches them, so that one order never has two writers. Pure.
 */
export function wantedOf(command: Command): WantedOrder | null {
  if (command.type !== 'refetch' && !(command.type === 'replay' && command.stage === 'ingest')) return null;
  const { orderKey, commandId, requestedAt } = command;
  return {
    orderKey,
    marketplaceId: marketplaceIdOf(orderKey),
    commandId,
    requestedAt: new Date(requestedAt),
  };
}

export interface RefetchParts extends CaptureParts {
  readonly source: MiraklSource;
  readonly logger: Logger;
}

/**
 * Fetches the orders that were asked for and publishes them whether they have changed or not. Errors as
 * pollMarketplace; what was not fetched is then still wanted.
 */
export async function refetchWanted(
  { id: marketplaceId, api }: MarketplacePolicy,
  parts: RefetchParts,
  signal: AbortSignal,
): Promise<void> {
  const wanted = await readWanted(parts.database, marketplaceId, ORDER_IDS_MAX);
  if (wanted.length === 0) return;
  const keys = new Set(wanted.map(({ orderKey }) => orderKey));
  const { pages } = await fetchOrdersById(parts.source, [...keys].map(orderIdOf), signal);
  for (const page of pages) {
    const origin = { marketplaceId, api, source: 'refetch', wanted: keys } as const;
    await publishPage(parts, page, origin, async () => undefined);
    for (const order of page.orders) keys.delete(keyOfSourceOrder(marketplaceId, order));
  }
  // Whoever asked should know that Mirakl has nothing to say; the ledger keeps the order as it was.
  for (const orderKey of keys) {
    parts.logger.warn(
      { event: 'refetch_without_answer', marketplace: marketplaceId, orderKey },
      'Mirakl has no such order',
    );
  }
  await forgetWanted(parts.database, wanted);
}
