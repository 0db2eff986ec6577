import type { ReasonCode, TopicDefinition } from '@watertight/contracts';
import { valueCheck } from './check-value.ts';
import { MESSAGE_MAX_BYTES } from './limits.ts';
import type { ReceivedMessage } from './message-batch.ts';

/** A record as it lies on the partition. */
export interface RawRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly offset: string;
  /** Milliseconds since 1970, as decimal text. */
  readonly timestamp: string;
  readonly headers?: RawHeaders;
}

export type RawHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

export interface RejectedRecord {
  readonly reason: ReasonCode;
  /** Why, without any of the record's content. */
  readonly detail: string;
}

export type ParsedRecord =
  | { readonly ok: true; readonly message: ReceivedMessage<unknown> }
  | { readonly ok: false; readonly rejected: RejectedRecord };

/**
 * Reads one record by the schema of its topic. A null value is the tombstone of a compacted topic and is handed on as
 * null; on any other topic it is a mistake. Never throws.
 */
export function parseMessage(topic: TopicDefinition, partition: number, record: RawRecord): ParsedRecord {
  if (record.key === null) return invalid('the record has no key');
  if (record.value === null) {
    if (topic.cleanup !== 'compact') return invalid('the record has no value');
    return { ok: true, message: received(topic, partition, record, record.key, null) };
  }
  if (record.value.length > MESSAGE_MAX_BYTES) {
    return reject(
      'contract.message_too_large',
      `${record.value.length} bytes, ${MESSAGE_MAX_BYTES} are allowed`,
    );
  }
  const parsed = parseJson(record.value);
  if (!parsed.ok) return invalid('the value is not JSON');
  const problem = valueCheck(topic.schema)(parsed.value);
  if (problem !== undefined) return invalid(problem);
  return { ok: true, message: received(topic, partition, record, record.key, parsed.value) };
}

/** The value of a record as JSON, where it is JSON. */
export function parseJson(value: Buffer): { ok: true; value: unknown } | { ok: false } {
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    return { ok: true, value: parsed };
  } catch {
    // The parser's message quotes the text, which may be personal data; that it is not JSON says enough.
    return { ok: false };
  }
}

/** Headers as text. Of a header that was written twice the last one counts. */
export function textHeaders(headers: RawHeaders | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  if (headers === undefined) return texts;
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) texts[name] = typeof last === 'string' ? last : last.toString('utf8');
  }
  return texts;
}

function received(
  topic: TopicDefinition,
  partition: number,
  record: RawRecord,
  key: Buffer,
  value: unknown,
): ReceivedMessage<unknown> {
  return {
    value,
    key: key.toString('utf8'),
    topic: topic.name,
    partition,
    offset: record.offset,
    timestampMs: Number(record.timestamp),
    headers: textHeaders(record.headers),
  };
}

function invalid(detail: string): ParsedRecord {
  return reject('contract.invalid_message', detail);
}

function reject(reason: ReasonCode, detail: string): ParsedRecord {
  return { ok: false, rejected: { reason, detail } };
}
