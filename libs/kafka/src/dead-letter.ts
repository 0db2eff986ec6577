import {
  ceHeaders,
  deadLetterHeaders,
  deadLetterTopicName,
  factOutcome,
  type FactOutcome,
  type ReasonCode,
  type Stage,
  type TopicDefinition,
  Topics,
} from '@watertight/contracts';
import { sizedRecord, type OutgoingRecord } from './encode-message.ts';
import { DETAIL_MAX_LENGTH } from './limits.ts';
import { parseJson, textHeaders, type RawHeaders } from './parse-message.ts';

/** Something that cannot succeed unchanged: its original bytes and where they came from. */
export interface DeadLetter {
  /** The topic that it was on, or would have gone to. */
  readonly topic: string;
  /** Null for bytes that never were on a topic, such as an answer of Mirakl. */
  readonly position: { readonly partition: number; readonly offset: string } | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RawHeaders;
  readonly group: string;
  readonly stage: Stage;
  readonly reason: ReasonCode;
  /** For a person who looks into it; no personal data. */
  readonly detail: string;
  /** How often it was tried, this time included. */
  readonly attempts: number;
  readonly at: Date;
}

/** The record for the dead-letter topic: key, bytes and headers as they were, and `dlq_` headers beside them. */
export function deadLetterRecord(letter: DeadLetter): OutgoingRecord {
  const { position } = letter;
  return sizedRecord(deadLetterTopicName(letter.topic, letter.group), letter.key, letter.value, {
    ...letter.headers,
    [deadLetterHeaders.topic]: letter.topic,
    ...(position === null
      ? {}
      : {
          [deadLetterHeaders.partition]: String(position.partition),
          [deadLetterHeaders.offset]: position.offset,
        }),
    [deadLetterHeaders.group]: letter.group,
    [deadLetterHeaders.stage]: letter.stage,
    [deadLetterHeaders.reason]: letter.reason,
    [deadLetterHeaders.detail]: letter.detail.slice(0, DETAIL_MAX_LENGTH),
    [deadLetterHeaders.attempts]: String(letter.attempts),
    [deadLetterHeaders.at]: letter.at.toISOString(),
  });
}

// The shape that the contracts give an order key, without which an outcome with it would not be taken.
const orderKeyShape = /^[a-z0-9][a-z0-9-]{0,62}:.{1,330}$/;

/**
 * The outcome of a record that nobody could read. The order is known from the `ce_subject` header or the record's
 * key; the revision, which decides between words on the same fact, from the value where that still is JSON.
 */
export function unreadableOutcome(topic: TopicDefinition, letter: DeadLetter): FactOutcome {
  const position = letter.position === null ? '' : `/${letter.position.partition}/${letter.position.offset}`;
  const orderKey = carriesOrders(topic) ? orderKeyOfLetter(letter) : null;
  return factOutcome({
    stage: letter.stage,
    orderKey,
    factId: orderKey ?? `${letter.topic}${position}`,
    outcome: 'failed',
    reason: letter.reason,
    detail: `${letter.topic}${position}: ${letter.detail}`.slice(0, DETAIL_MAX_LENGTH),
    at: letter.at,
    revision: revisionOf(letter.value),
  });
}

/** A command or a profile that cannot be read says nothing about whether an order has failed. */
function carriesOrders(topic: TopicDefinition): boolean {
  return topic.name !== Topics.commands.name && topic.cleanup !== 'compact';
}

function orderKeyOfLetter({ headers, key }: DeadLetter): string | null {
  const candidates = [textHeaders(headers)[ceHeaders.subject], key?.toString('utf8')];
  return candidates.find((text) => text !== undefined && orderKeyShape.test(text)) ?? null;
}

function revisionOf(value: Buffer | null): number {
  const parsed = value === null ? undefined : parseJson(value);
  if (parsed?.ok !== true || typeof parsed.value !== 'object' || parsed.value === null) return 0;
  const revision: unknown = Reflect.get(parsed.value, 'revision');
  return Number.isSafeInteger(revision) && Number(revision) > 0 ? Number(revision) : 0;
}
