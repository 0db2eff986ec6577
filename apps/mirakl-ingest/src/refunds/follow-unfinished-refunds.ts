import { orderIdOf } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import { type CaptureParts, publishPage } from '../capture/publish-page.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import { type MiraklSource, ORDER_IDS_MAX } from '../mirakl/mirakl-source.ts';
import { fetchOrdersById } from './fetch-orders-by-id.ts';
import { countUnfinishedRefunds, markFollowed, readUnfinished } from './unfinished.store.ts';

/** Calls per poll; what is left over comes first in the next one. */
const CALLS_MAX = 10;

export interface FollowParts extends CaptureParts {
  readonly source: MiraklSource;
}

/**
 * Asks again for orders whose refund is on its way, until it is paid back: it is not established that the update date
 * moves when a refund's state does, so the scan alone could wait for ever. Orders that could not be read are asked
 * for as well, so that a mended parser finds them. Errors as pollMarketplace.
 */
export async function followUnfinished(
  { id: marketplaceId, api }: MarketplacePolicy,
  parts: FollowParts,
  signal: AbortSignal,
): Promise<void> {
  const orderKeys = await readUnfinished(parts.database, marketplaceId, CALLS_MAX * ORDER_IDS_MAX);
  for (let start = 0; start < orderKeys.length; start += ORDER_IDS_MAX) {
    const keys = orderKeys.slice(start, start + ORDER_IDS_MAX);
    const { pages } = await fetchOrdersById(parts.source, keys.map(orderIdOf), signal);
    for (const page of pages) {
      await publishPage(parts, page, { marketplaceId, api, source: 'poll' }, async () => undefined);
    }
    await markFollowed(parts.database, keys);
    signal.throwIfAborted();
  }
  const unfinished = await countUnfinishedRefunds(parts.database, marketplaceId);
  ingestMetrics.unfinishedRefunds.set({ marketplace: marketplaceId }, unfinished);
}
