import { factOutcome, orderKeyOf, type RefundFact, refundFactId } from '@watertight/contracts';
import { outgoing } from '@watertight/kafka';
import { readKnown, recordLearnt, reserveRevisions } from '../capture/capture.store.ts';
import { sha256 } from '../capture/content-hash.ts';
import { type KnownRefund, learnRefund } from '../capture/detect-changes.ts';
import type { CaptureParts } from '../capture/publish-page.ts';
import { INGEST_GROUP } from '../capture/unreadable-order.ts';
import { ingestMetrics } from '../ingest.metrics.ts';
import { RETURN_STATES } from '../mirakl/known-values.ts';
import { readUnknown, saveUnknown } from '../unknown/unknown.store.ts';
import { countUnknown, tellUnknown, unknownCode, unknownValueWord } from '../unknown/unknown-value.ts';
import type { ReadableReturn, ReturnPage, UnreadableReturn } from './source-return.ts';

/**
 * Captures a page of returns: publish, then record. Errors and repeats as publishPage. A return that cannot be read is
 * a dead letter and a word about itself; it belongs to no order that could count as failed.
 */
export async function publishReturns(
  parts: CaptureParts,
  marketplaceId: string,
  page: ReturnPage,
): Promise<void> {
  return parts.turn.run(() => publishInTurn(parts, marketplaceId, page));
}

async function publishInTurn(
  parts: CaptureParts,
  marketplaceId: string,
  { returns, answeredAt }: ReturnPage,
): Promise<void> {
  const { database, publisher, topics } = parts;
  const readable = returns.filter((one) => one.kind === 'readable');
  const factIds = readable.map((one) => factIdOf(marketplaceId, one));
  const known = await readKnown(database, [], factIds);
  const { facts, learnt } = detectReturns(marketplaceId, readable, known.refunds, answeredAt);
  if (facts.length > 0) {
    const changes = { orders: new Map(), refunds: learnt };
    const states = facts.map(({ state }) => unknownCode('return_state', state, RETURN_STATES));
    const seen = countUnknown(states.filter((state) => state !== null));
    const unknown = tellUnknown(seen, await readUnknown(database, marketplaceId, seen));
    await database.transaction(async (transaction) => {
      await parts.assertHeld(transaction, marketplaceId);
      await reserveRevisions(transaction, marketplaceId, changes);
    });
    await publisher.publish([
      ...facts.map((fact) =>
        outgoing(topics.refunds, { key: fact.orderKey, subject: fact.orderKey, value: fact }),
      ),
      ...unknown.tell.map((one) => {
        const value = unknownValueWord(marketplaceId, answeredAt, one);
        return outgoing(topics.outcomes, {
          key: marketplaceId,
          subject: marketplaceId,
          value,
          id: value.outcomeId,
        });
      }),
    ]);
    await database.transaction(async (transaction) => {
      await parts.assertHeld(transaction, marketplaceId);
      await recordLearnt(transaction, marketplaceId, changes);
      await saveUnknown(transaction, marketplaceId, unknown.counts);
    });
    ingestMetrics.facts.inc({ marketplace: marketplaceId, kind: 'return' }, facts.length);
  }
  const unreadable = returns.filter((one) => one.kind === 'unreadable');
  if (unreadable.length > 0) await publishUnreadable(parts, marketplaceId, unreadable, answeredAt);
}

/** Pure: a fact for each return that is new or has another state. */
export function detectReturns(
  marketplaceId: string,
  returns: readonly ReadableReturn[],
  known: ReadonlyMap<string, KnownRefund>,
  observedAt: Date,
): { readonly facts: readonly RefundFact[]; readonly learnt: ReadonlyMap<string, KnownRefund> } {
  const facts = new Map<string, RefundFact>();
  const learnt = new Map<string, KnownRefund>();
  for (const one of returns) {
    const factId = factIdOf(marketplaceId, one);
    const orderKey = orderKeyOf(marketplaceId, one.orderId);
    const before = learnt.get(factId) ?? known.get(factId);
    const after = learnRefund(orderKey, one.content, before);
    if (after === before) continue;
    const { revision } = after;
    facts.set(factId, {
      factId,
      orderKey,
      marketplaceId,
      revision,
      observedAt: observedAt.toISOString(),
      ...one.content,
    });
    learnt.set(factId, after);
  }
  return { facts: [...facts.values()], learnt };
}

function factIdOf(marketplaceId: string, { orderId, content }: ReadableReturn): string {
  return refundFactId(orderKeyOf(marketplaceId, orderId), 'return', content.id);
}

async function publishUnreadable(
  { publisher, topics }: CaptureParts,
  marketplaceId: string,
  unreadable: readonly UnreadableReturn[],
  at: Date,
): Promise<void> {
  const named = unreadable.map((one) => ({
    ...one,
    factId: `${marketplaceId}:return:unreadable-${sha256(one.bytes).slice(0, 16)}`,
  }));
  await publisher.publishDeadLetters(
    named.map(({ factId, bytes, detail }) => ({
      topic: topics.orders.name,
      position: null,
      key: Buffer.from(factId),
      value: bytes,
      headers: {},
      group: INGEST_GROUP,
      stage: 'ingest',
      reason: 'source.unparseable',
      detail,
      attempts: 1,
      at,
    })),
  );
  await publisher.publish(
    named.map(({ factId, detail }) => {
      const about = { stage: 'ingest', orderKey: null, factId, outcome: 'failed' } as const;
      const value = factOutcome({ ...about, reason: 'source.unparseable', detail, at, revision: 1 });
      return outgoing(topics.outcomes, {
        key: marketplaceId,
        subject: marketplaceId,
        value,
        id: value.outcomeId,
      });
    }),
  );
}
