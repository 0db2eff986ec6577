import type { CountAudit, DayCount, Outcome, PollCompleted, PollFailed } from '@watertight/contracts';
import { outgoing, type TopicPublisher } from '@watertight/kafka';
import type { CaptureTopics } from '../capture/capture-topics.ts';
import type { HeldLease } from './lease.store.ts';
import type { PublishedUpTo } from '../capture/published-up-to.ts';

/** What ingest says of a marketplace as a whole, on the outcomes' topic. All pure but the last function. */

export function pollCompleted(fields: {
  readonly marketplaceId: string;
  readonly at: Date;
  readonly startedAt: Date;
  readonly watermark: Date;
  readonly ordersSeen: number;
  readonly ordersChanged: number;
  readonly publishedUpTo: PublishedUpTo;
  /** Null only when another replica has taken the marketplace over meanwhile. */
  readonly lease: HeldLease | null;
}): PollCompleted {
  const startedAt = fields.startedAt.toISOString();
  return {
    kind: 'poll_completed',
    outcomeId: `${fields.marketplaceId}:poll:${startedAt}`,
    marketplaceId: fields.marketplaceId,
    at: fields.at.toISOString(),
    startedAt,
    watermark: fields.watermark.toISOString(),
    ordersSeen: fields.ordersSeen,
    ordersChanged: fields.ordersChanged,
    publishedUpTo: { ...fields.publishedUpTo },
    ...(fields.lease === null
      ? {}
      : { replica: fields.lease.holder, leaseUntil: fields.lease.until.toISOString() }),
  };
}

/** One failure passes by itself more often than not; after so many in a row what we have counts as stale. */
const STALE_AFTER_FAILURES = 3;

export function pollFailed(fields: {
  readonly marketplaceId: string;
  readonly at: Date;
  readonly consecutive: number;
  readonly reason: 'source.unreachable' | 'source.settings_changed';
  readonly detail: string;
  /** Up to when everything had been published; null when nothing ever was. */
  readonly watermark: Date | null;
}): PollFailed {
  const at = fields.at.toISOString();
  return {
    kind: 'poll_failed',
    outcomeId: `${fields.marketplaceId}:poll_failed:${at}`,
    marketplaceId: fields.marketplaceId,
    at,
    consecutive: fields.consecutive,
    reason: fields.reason,
    detail: fields.detail.slice(0, 2_000),
    ...(fields.consecutive < STALE_AFTER_FAILURES || fields.watermark === null
      ? {}
      : { staleSince: fields.watermark.toISOString() }),
  };
}

export function countAudit(fields: {
  readonly marketplaceId: string;
  readonly at: Date;
  readonly since: Date;
  readonly until: Date;
  readonly orders: number;
}): CountAudit {
  const at = fields.at.toISOString();
  return {
    kind: 'count_audit',
    outcomeId: `${fields.marketplaceId}:count_audit:${at}`,
    marketplaceId: fields.marketplaceId,
    at,
    since: fields.since.toISOString(),
    until: fields.until.toISOString(),
    orders: fields.orders,
  };
}

/** Mirakl's count of the orders created on one day, or the part of a day that a sweep covers. */
export function dayCount(fields: {
  readonly marketplaceId: string;
  readonly at: Date;
  readonly since: Date;
  readonly until: Date;
  readonly orders: number;
}): DayCount {
  const since = fields.since.toISOString();
  return {
    kind: 'day_count',
    outcomeId: `${fields.marketplaceId}:day_count:${since}`,
    marketplaceId: fields.marketplaceId,
    at: fields.at.toISOString(),
    since,
    until: fields.until.toISOString(),
    orders: fields.orders,
  };
}

/** A word about a marketplace as a whole, not about one of its orders. */
export type SourceOutcome = Extract<
  Outcome,
  {
    kind:
      | 'poll_completed'
      | 'poll_failed'
      | 'count_audit'
      | 'day_count'
      | 'marketplace_settings'
      | 'transaction'
      | 'backfill'
      | 'finding'
      | 'unknown_value';
  }
>;

/** Says it. Keyed by marketplace, so that audits and polls of one marketplace arrive in the order they happened. */
export async function publishSourceOutcome(
  publisher: Pick<TopicPublisher, 'publish'>,
  topics: Pick<CaptureTopics, 'outcomes'>,
  ...outcomes: readonly SourceOutcome[]
): Promise<void> {
  if (outcomes.length === 0) return;
  await publisher.publish(
    outcomes.map((outcome) => {
      const { marketplaceId, outcomeId } = outcome;
      const key = marketplaceId ?? outcomeId;
      return outgoing(topics.outcomes, { key, subject: key, value: outcome, id: outcomeId });
    }),
  );
}
