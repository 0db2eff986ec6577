import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { auditUntil } from './poll-schedule.ts';
import { countAudit } from './source-outcomes.ts';
import type { CountAudit } from '@watertight/contracts';

/**
 * Asks Mirakl how many orders there are since `backfillFrom`: one call of one order. Null while there is no time
 * between the two ends, as with a `backfillFrom` in the future, and where the source gives no count.
 */
export async function auditCount(
  marketplace: Pick<MarketplacePolicy, 'id' | 'backfillFrom' | 'pollIntervalMs'>,
  source: MiraklSource,
  serverNow: Date,
  signal: AbortSignal,
): Promise<CountAudit | null> {
  const since = marketplace.backfillFrom;
  const until = auditUntil(serverNow, marketplace.pollIntervalMs);
  if (until <= since) return null;
  const counted = await source.countOrdersCreated(since, until, signal);
  if (counted === null) return null;
  const { orders, answeredAt } = counted;
  return countAudit({ marketplaceId: marketplace.id, at: answeredAt, since, until, orders });
}
