import type { OrderFact, Outcome } from '@watertight/contracts';
import { outgoing, type OutgoingMessage, type TopicPublisher } from '@watertight/kafka';
import type { Database, Transaction } from '@watertight/postgres';
import { ingestMetrics } from '../ingest.metrics.ts';
import type { OrderPage } from '../mirakl/mirakl-source.ts';
import { readPublishedUpTo, savePublishedUpTo } from '../poll/progress.store.ts';
import { readKnown, recordLearnt, reserveRevisions } from './capture.store.ts';
import type { CaptureTopics } from './capture-topics.ts';
import { type Changes, detectChanges, keyOfSourceOrder, refundIdsOf } from './detect-changes.ts';
import { advance } from './published-up-to.ts';
import { deadLetterOf, unreadableOutcome } from './unreadable-order.ts';

export interface CaptureParts {
  readonly database: Database;
  readonly publisher: Pick<TopicPublisher, 'publish' | 'publishDeadLetters'>;
  readonly topics: CaptureTopics;
  /** Throws RetryableError unless this replica may still write for the marketplace. */
  readonly assertHeld: (transaction: Transaction, marketplaceId: string) => Promise<void>;
}

export interface PageOrigin {
  readonly marketplaceId: string;
  readonly api: OrderFact['api'];
  readonly source: OrderFact['source'];
  /** Keys of orders that a person asked for: published even if nothing has changed. */
  readonly wanted?: ReadonlySet<string>;
  /** What else is to be said of the page, published after its facts. */
  readonly say?: (changes: Changes) => readonly PageWord[];
}

type PageWord = Extract<Outcome, { kind: 'fact' | 'sighting' }>;

export interface CapturedPage {
  readonly seen: number;
  /** Orders, changes of orders and unreadable orders that were published. */
  readonly changed: number;
}

/**
 * Captures one page: publish, then record the hashes, then move the cursor, the last two in one transaction. After a
 * crash anywhere the same facts are published again under the same ids. Throws RetryableError while Kafka or the
 * database is away; nothing of the page counts as captured then.
 */
export async function publishPage(
  parts: CaptureParts,
  page: Pick<OrderPage, 'orders' | 'answeredAt'>,
  origin: PageOrigin,
  moveCursor: (transaction: Transaction) => Promise<void>,
): Promise<CapturedPage> {
  const { database, publisher, topics } = parts;
  const { marketplaceId } = origin;
  const keys = page.orders.map((order) => keyOfSourceOrder(marketplaceId, order));
  const refundIds = page.orders.flatMap((order) => refundIdsOf(marketplaceId, order));
  const known = await readKnown(database, keys, refundIds);
  const changes = detectChanges(page.orders, known, { ...origin, observedAt: page.answeredAt });

  const words = [
    ...changes.unreadable.map((fact) => unreadableOutcome(fact, page.answeredAt)),
    ...(origin.say?.(changes) ?? []),
  ];
  const messages = messagesOf(changes, words, topics);
  if (messages.length > 0) {
    await database.transaction(async (transaction) => {
      await parts.assertHeld(transaction, marketplaceId);
      await reserveRevisions(transaction, marketplaceId, changes.learnt);
    });
    await publisher.publishDeadLetters(
      changes.unreadable.map((fact) => deadLetterOf(fact, topics.orders.name, page.answeredAt)),
    );
  }
  const positions = messages.length > 0 ? await publisher.publish(messages) : [];
  await database.transaction(async (transaction) => {
    await parts.assertHeld(transaction, marketplaceId);
    await recordLearnt(transaction, marketplaceId, changes.learnt);
    const before = await readPublishedUpTo(transaction, marketplaceId);
    await savePublishedUpTo(transaction, marketplaceId, advance(before, positions, topics.orders.name));
    await moveCursor(transaction);
  });
  count(changes, origin, page.orders.length);
  return { seen: page.orders.length, changed: changes.orders.length + changes.unreadable.length };
}

function messagesOf(
  changes: Changes,
  words: readonly PageWord[],
  topics: CaptureTopics,
): readonly OutgoingMessage[] {
  return [
    ...changes.orders.map((fact) =>
      outgoing(topics.orders, { key: fact.orderKey, subject: fact.orderKey, value: fact }),
    ),
    ...changes.refunds.map((fact) =>
      outgoing(topics.refunds, { key: fact.orderKey, subject: fact.orderKey, value: fact }),
    ),
    ...words.map((word) => {
      const orderKey = word.orderKey ?? word.outcomeId;
      return outgoing(topics.outcomes, { key: orderKey, subject: orderKey, value: word, id: word.outcomeId });
    }),
  ];
}

function count(changes: Changes, { marketplaceId, source }: PageOrigin, seen: number): void {
  ingestMetrics.ordersSeen.inc({ marketplace: marketplaceId, source }, seen);
  const published = { order: changes.orders, refund: changes.refunds, unreadable: changes.unreadable };
  for (const [kind, facts] of Object.entries(published)) {
    if (facts.length > 0) ingestMetrics.facts.inc({ marketplace: marketplaceId, kind }, facts.length);
  }
}
