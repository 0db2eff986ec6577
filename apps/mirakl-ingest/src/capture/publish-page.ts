import { type OrderFact, orderIdOf, type Outcome } from '@watertight/contracts';
import { outgoing, type OutgoingMessage, type TopicPublisher } from '@watertight/kafka';
import type { Database, Transaction } from '@watertight/postgres';
import { crashPoint } from '@watertight/service/crash-point';
import { ingestMetrics } from '../ingest.metrics.ts';
import type { OrderPage } from '../mirakl/mirakl-source.ts';
import type { SourceOrder } from './normalised-order.ts';
import { readPublishedUpTo, savePublishedUpTo } from '../poll/progress.store.ts';
import { readKnown, recordLearnt, reserveRevisions } from './capture.store.ts';
import type { CaptureTopics } from './capture-topics.ts';
import { type Changes, detectChanges, keyOfSourceOrder, refundIdsOf } from './detect-changes.ts';
import type { CaptureTurn } from './capture-turn.ts';
import { advance } from './published-up-to.ts';
import { deadLetterOf, unreadableOutcome } from './unreadable-order.ts';
import { readUnknown, saveUnknown } from '../unknown/unknown.store.ts';
import {
  countUnknown,
  tellUnknown,
  type UnknownCount,
  unknownValueWord,
  type UnknownValueWord,
} from '../unknown/unknown-value.ts';

export interface CaptureParts {
  readonly database: Database;
  readonly publisher: Pick<TopicPublisher, 'publish' | 'publishDeadLetters'>;
  readonly topics: CaptureTopics;
  /** Throws RetryableError unless this replica may still write for the marketplace. */
  readonly assertHeld: (transaction: Transaction, marketplaceId: string) => Promise<void>;
  /** One for each marketplace, shared by all that captures for it. */
  readonly turn: CaptureTurn;
}

export interface PageOrigin {
  readonly marketplaceId: string;
  readonly api: OrderFact['api'];
  readonly source: OrderFact['source'];
  /** Keys of orders that a person asked for: published even if nothing has changed. */
  readonly wanted?: ReadonlySet<string>;
  /** The page may be older than what the fast loop has published meanwhile (see detectChanges). */
  readonly isOld?: boolean;
  /** What else is to be said of the page, published after its facts. */
  readonly say?: (changes: Changes) => readonly PageWord[];
}

type PageWord = Extract<Outcome, { kind: 'fact' | 'sighting' }> | UnknownValueWord;

export interface CapturedPage {
  readonly seen: number;
  /** Orders, changes of orders and unreadable orders that were published. */
  readonly changed: number;
  /** Ids of captured orders that an old page has otherwise: to be asked for again. */
  readonly differing: readonly string[];
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
  return parts.turn.run(() => publishInTurn(parts, page, origin, moveCursor));
}

async function publishInTurn(...args: Parameters<typeof publishPage>): Promise<CapturedPage> {
  const [parts, page, origin, moveCursor] = args;
  const { database, publisher, topics } = parts;
  const { marketplaceId } = origin;
  const keys = page.orders.map((order) => keyOfSourceOrder(marketplaceId, order));
  const refundIds = page.orders.flatMap((order) => refundIdsOf(marketplaceId, order));
  const known = await readKnown(database, keys, refundIds);
  const changes = detectChanges(page.orders, known, { ...origin, observedAt: page.answeredAt });
  const unknown = await unknownIn(database, marketplaceId, page.orders, changes);
  const words = [
    ...changes.unreadable.map((fact) => unreadableOutcome(fact, page.answeredAt)),
    ...(origin.say?.(changes) ?? []),
    ...unknown.tell.map((one) => unknownValueWord(marketplaceId, page.answeredAt, one)),
  ];
  const messages = messagesOf(changes, words, topics);
  if (messages.length > 0) crashPoint('ingest.page_read');
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
  if (messages.length > 0) crashPoint('ingest.page_published');
  await database.transaction(async (transaction) => {
    await parts.assertHeld(transaction, marketplaceId);
    await recordLearnt(transaction, marketplaceId, changes.learnt);
    await saveUnknown(transaction, marketplaceId, unknown.counts);
    const before = await readPublishedUpTo(transaction, marketplaceId);
    await savePublishedUpTo(transaction, marketplaceId, advance(before, positions, topics.orders.name));
    await moveCursor(transaction);
  });
  crashPoint('ingest.page_recorded');
  count(changes, origin, page.orders.length);
  return {
    seen: page.orders.length,
    changed: changes.orders.length + changes.unreadable.length,
    differing: changes.differing.map(orderIdOf),
  };
}

/** What the changed orders hold that is unknown. Those that only came by again are not counted again. */
async function unknownIn(
  database: Database,
  marketplaceId: string,
  orders: readonly SourceOrder[],
  changes: Changes,
): Promise<{ readonly counts: readonly UnknownCount[]; readonly tell: readonly UnknownCount[] }> {
  const changed = new Set(changes.orders.map(({ orderId }) => orderId));
  const seen = countUnknown(
    orders.flatMap((order) =>
      order.kind === 'readable' && changed.has(order.order.orderId) ? (order.unknown ?? []) : [],
    ),
  );
  if (seen.length === 0) return { counts: [], tell: [] };
  return tellUnknown(seen, await readUnknown(database, marketplaceId, seen));
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
      const key = word.kind === 'unknown_value' ? word.marketplaceId : (word.orderKey ?? word.outcomeId);
      return outgoing(topics.outcomes, { key, subject: key, value: word, id: word.outcomeId });
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
