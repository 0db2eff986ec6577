import type { CountAudit, Outcome, PollCompleted, PollFailed } from '@watertight/contracts';
import { outgoing, type TopicPublisher } from '@watertight/kafka';
import type { CaptureTopics } from '../capture/capture-topics.ts';
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
  };
}

export function pollFailed(fields: {
  readonly marketplaceId: string;
  readonly at: Date;
  readonly consecutive: number;
  readonly detail: string;
}): PollFailed {
  const at = fields.at.toISOString();
  return {
    kind: 'poll_failed',
    outcomeId: `${fields.marketplaceId}:poll_failed:${at}`,
    marketplaceId: fields.marketplaceId,
    at,
    consecutive: fields.consecutive,
    reason: 'source.unreachable',
    detail: fields.detail.slice(0, 2_000),
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

/** Says it. Keyed by marketplace, so that audits and polls of one marketplace arrive in the order they happened. */
export async function publishSourceOutcome(
  publisher: Pick<TopicPublisher, 'publish'>,
  topics: Pick<CaptureTopics, 'outcomes'>,
  outcome: Extract<
    Outcome,
    { marketplaceId: string; kind: 'poll_completed' | 'poll_failed' | 'count_audit' }
  >,
): Promise<void> {
  const { marketplaceId, outcomeId } = outcome;
  await publisher.publish([
    outgoing(topics.outcomes, { key: marketplaceId, subject: marketplaceId, value: outcome, id: outcomeId }),
  ]);
}
