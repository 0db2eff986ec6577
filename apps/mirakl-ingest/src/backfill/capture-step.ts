import type { MarketplacePolicy } from '@watertight/marketplaces';
import { publishPage } from '../capture/publish-page.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import { ORDER_IDS_MAX } from '../mirakl/mirakl-source.ts';
import { fetchOrdersById } from '../refunds/fetch-orders-by-id.ts';
import type { Advance, Backfill } from './backfill.ts';
import type { BackfillParts } from './backfill-parts.ts';
import { saveAdvance } from './backfill.store.ts';
import type { SliceStep } from './read-slice.ts';
import { addToTally } from './tally.ts';

/**
 * Captures what a step brought, and only then remembers how far the backfill has come: after a crash in between the
 * same step comes again, and what has been recorded is not published twice. A dry run only counts. Returns the
 * advance after the step. Errors as pollMarketplace.
 */
export async function captureStep(
  marketplace: MarketplacePolicy,
  { advance, backfillId, dryRun }: Pick<Backfill, 'advance' | 'backfillId' | 'dryRun'>,
  step: SliceStep,
  parts: BackfillParts,
  signal: AbortSignal,
): Promise<Advance> {
  const orders = step.page?.orders ?? [];
  const published = dryRun ? 0 : await capture(marketplace, step, parts, signal);
  const before = step.isRestart ? advance.tallyAtSlice : advance.tally;
  const after = { ...advance, position: step.position, tally: addToTally(before, orders, published) };
  await parts.database.transaction(async (transaction) => {
    await parts.assertHeld(transaction, marketplace.id);
    await saveAdvance(transaction, backfillId, after);
  });
  parts.admission.noteAdmitted(published);
  const labels = { marketplace: marketplace.id, route: step.position.route };
  if (orders.length > 0) ingestMetrics.backfillOrders.inc(labels, orders.length);
  return after;
}

/** How many orders had something to say. */
async function capture(
  { id: marketplaceId, api }: MarketplacePolicy,
  { page, isOld }: SliceStep,
  parts: BackfillParts,
  signal: AbortSignal,
): Promise<number> {
  if (page === null) return 0;
  const origin = { marketplaceId, api, source: 'backfill' } as const;
  const moveNothing = async () => undefined;
  const { changed, differing } = await publishPage(parts, page, { ...origin, isOld }, moveNothing);
  // Captured otherwise meanwhile: which of the two is newer cannot be seen, so they are asked for as they are now.
  const orderIds = differing.filter((id) => !id.startsWith('unreadable-'));
  let published = changed;
  for (let start = 0; start < orderIds.length; start += ORDER_IDS_MAX) {
    const ids = orderIds.slice(start, start + ORDER_IDS_MAX);
    const { pages } = await fetchOrdersById(parts.source, ids, signal);
    for (const fresh of pages) {
      published += (await publishPage(parts, fresh, origin, moveNothing)).changed;
    }
  }
  return published;
}
