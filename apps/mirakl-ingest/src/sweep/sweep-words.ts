import { factOutcome, type FactOutcome, orderIdOf, orderKeyOf, type Sighting } from '@watertight/contracts';
import { orderContentHash } from '../capture/content-hash.ts';
import type { Changes } from '../capture/detect-changes.ts';
import type { SourceOrder } from '../capture/normalised-order.ts';

export interface SweptPage {
  readonly marketplaceId: string;
  readonly orders: readonly SourceOrder[];
  readonly answeredAt: Date;
  /** What the fast loop claims to have published: every change before it. */
  readonly watermark: Date | null;
}

/**
 * What a sweep says of a page, besides publishing what has changed. Pure.
 *
 * - One sighting per order, so that the ledger can hold Mirakl's own word beside what was captured.
 * - `source.missed_by_poll` for a change that the fast loop should have found: it was made before the watermark. A
 *   newer one is no miss; the sweep was only faster.
 */
export function sweepWords(page: SweptPage, changes: Changes): readonly (FactOutcome | Sighting)[] {
  return [...page.orders.flatMap((order) => sightingOf(order, page)), ...missedWords(page, changes)];
}

function sightingOf(order: SourceOrder, { marketplaceId, answeredAt }: SweptPage): readonly Sighting[] {
  if (order.kind === 'unreadable') return [];
  const orderKey = orderKeyOf(marketplaceId, order.order.orderId);
  const contentHash = orderContentHash(order.order);
  return [
    {
      kind: 'sighting',
      outcomeId: `${orderKey}:sighting:${contentHash}`,
      orderKey,
      marketplaceId,
      at: answeredAt.toISOString(),
      createdAt: order.order.createdAt,
      amount: order.order.amount,
      contentHash,
    },
  ];
}

function missedWords({ answeredAt, watermark, orders }: SweptPage, changes: Changes): readonly FactOutcome[] {
  if (watermark === null) return [];
  const updatedAt = new Map(
    orders.flatMap((order) =>
      order.kind === 'readable' ? [[order.order.orderId, Date.parse(order.order.updatedAt)] as const] : [],
    ),
  );
  const isMissed = (orderId: string) => (updatedAt.get(orderId) ?? Infinity) < watermark.getTime();
  const word = (orderKey: string, factId: string, revision: number) =>
    factOutcome({
      stage: 'ingest',
      orderKey,
      factId,
      outcome: 'captured',
      reason: 'source.missed_by_poll',
      detail: 'found by the sweep; the fast loop had passed it',
      at: answeredAt,
      revision,
    });
  return [
    ...changes.orders
      .filter(({ orderId }) => isMissed(orderId))
      .map(({ orderKey, revision }) => word(orderKey, orderKey, revision)),
    // A refund that is known already may move without the update date; a new one may not.
    ...changes.refunds
      .filter(({ orderKey, revision }) => revision === 1 && isMissed(orderIdOf(orderKey)))
      .map(({ orderKey, factId, revision }) => word(orderKey, factId, revision)),
  ];
}
