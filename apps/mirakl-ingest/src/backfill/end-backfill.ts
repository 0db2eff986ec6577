import type { MarketplacePolicy } from '@watertight/marketplaces';
import { OVERLAP_MS } from '../poll/plan-scan.ts';
import type { CaptureParts } from '../capture/publish-page.ts';
import { type Backfill, firstBackfillId } from './backfill.ts';
import { moveBackfill } from './backfill.store.ts';
import { completeHistory } from './first-backfill.store.ts';

/** Everything has been read. After a marketplace's first backfill its history is complete. */
export async function endBackfill(
  { id }: Pick<MarketplacePolicy, 'id'>,
  { backfillId }: Pick<Backfill, 'backfillId'>,
  { database, assertHeld }: Pick<CaptureParts, 'database' | 'assertHeld'>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await assertHeld(transaction, id);
    const isEnded = await moveBackfill(transaction, backfillId, { state: 'done', detail: null });
    if (isEnded && backfillId === firstBackfillId(id)) await completeHistory(transaction, id, OVERLAP_MS);
  });
}
