import { gzipSync } from 'node:zlib';
import { ceHeaders, factOutcome, type FactOutcome } from '@watertight/contracts';
import type { DeadLetter } from '@watertight/kafka';
import type { UnreadableFact } from './detect-changes.ts';

export const INGEST_GROUP = 'mirakl-ingest';

/** Past this many bytes an order is packed, so that it still fits into the dead-letter topic. */
const PLAIN_MAX_BYTES = 900_000;

/** The original bytes of an order that cannot be read, for the dead-letter topic of the orders' topic. */
export function deadLetterOf({ orderKey, order }: UnreadableFact, topic: string, at: Date): DeadLetter {
  const isLarge = order.bytes.length > PLAIN_MAX_BYTES;
  return {
    topic,
    // The bytes never were on a topic: they are a part of an answer of Mirakl.
    position: null,
    key: Buffer.from(orderKey),
    value: isLarge ? gzipSync(order.bytes) : order.bytes,
    headers: { [ceHeaders.subject]: orderKey, ...(isLarge ? { 'content-encoding': 'gzip' } : {}) },
    group: INGEST_GROUP,
    stage: 'ingest',
    reason: order.reason,
    detail: order.detail,
    attempts: 1,
    at,
  };
}

/** The word on it, so that the order counts although nobody could read it. */
export function unreadableOutcome({ orderKey, revision, order }: UnreadableFact, at: Date): FactOutcome {
  return factOutcome({
    stage: 'ingest',
    orderKey,
    factId: orderKey,
    outcome: 'failed',
    reason: order.reason,
    detail: order.detail,
    at,
    revision,
    ...(order.createdAt === null ? {} : { orderCreatedAt: order.createdAt }),
  });
}
