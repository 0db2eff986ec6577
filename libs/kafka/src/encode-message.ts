import { createHash } from 'node:crypto';
import { ceHeaders, traceHeaders, type TopicDefinition } from '@watertight/contracts';
import { PermanentError } from '@watertight/service';
import type { Static, TSchema } from 'typebox';
import { valueCheck } from './check-value.ts';
import { MESSAGE_MAX_BYTES } from './limits.ts';
import type { RawHeaders } from './parse-message.ts';

/** A message to publish. Made with `outgoing`, which ties the type of the value to the topic. */
export interface OutgoingMessage {
  readonly topic: TopicDefinition;
  readonly key: string;
  /** Null is the tombstone of a compacted topic. */
  readonly value: unknown;
  /** The orderKey or buyerId that it is about, readable even where the value is not. */
  readonly subject: string;
  /** Id of the message (`ce_id`); without it one is made from topic, key and value, so that a repeat has the same. */
  readonly id?: string;
  /** W3C trace context to hand on. */
  readonly traceparent?: string;
}

export interface OutgoingFields<T> {
  readonly key: string;
  readonly value: T | null;
  readonly subject: string;
  readonly id?: string;
  readonly traceparent?: string;
}

/** A message for a topic: a value of another topic does not compile. */
export function outgoing<S extends TSchema>(
  topic: TopicDefinition<S>,
  fields: OutgoingFields<Static<S>>,
): OutgoingMessage {
  return { topic, ...fields };
}

/** A record as the producer takes it. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RawHeaders;
  readonly bytes: number;
}

/** We made a message that breaks our own contract: a bug, so the service stops rather than publish it. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
}

/** One message of a list is larger than the brokers take. */
export class MessageTooLargeError extends PermanentError {
  /** Its place in the list that was to be published. */
  readonly index: number;

  constructor(topic: string, subject: string, bytes: number, index: number) {
    const text = `a message of ${bytes} bytes for ${topic} about ${subject}; ${MESSAGE_MAX_BYTES} are allowed`;
    super('contract.message_too_large', text);
    this.index = index;
  }
}

/**
 * The record of a message: JSON value, CloudEvents attributes as headers. `source` names the service, `at` is now.
 * Throws InvalidMessageError for a value that does not fit its schema, MessageTooLargeError past the size limit.
 */
export function encodeMessage(
  message: OutgoingMessage,
  source: string,
  at: Date,
  index: number,
): OutgoingRecord {
  const { topic, key, value, subject } = message;
  if (key === '') throw new InvalidMessageError(`a message for ${topic.name} has no key`);
  const encoded = encodeValue(topic, value);
  const headers: Record<string, string> = {
    [ceHeaders.specVersion]: '1.0',
    [ceHeaders.id]: message.id ?? contentId(topic.name, key, encoded),
    [ceHeaders.source]: `/watertight/${source}`,
    [ceHeaders.type]: topic.name,
    [ceHeaders.time]: at.toISOString(),
    [ceHeaders.subject]: subject,
    ...(encoded === null ? {} : { [ceHeaders.contentType]: 'application/json' }),
    ...(message.traceparent === undefined ? {} : { [traceHeaders.traceparent]: message.traceparent }),
  };
  const record = sizedRecord(topic.name, Buffer.from(key), encoded, headers);
  if (record.bytes > MESSAGE_MAX_BYTES)
    throw new MessageTooLargeError(topic.name, subject, record.bytes, index);
  return record;
}

/** A record with its size: key, value, headers and a little for the framing. */
export function sizedRecord(
  topic: string,
  key: Buffer | null,
  value: Buffer | null,
  headers: RawHeaders,
): OutgoingRecord {
  return {
    topic,
    key,
    value,
    headers,
    bytes: (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers) + 50,
  };
}

function encodeValue(topic: TopicDefinition, value: unknown): Buffer | null {
  if (value === null) {
    if (topic.cleanup === 'compact') return null;
    throw new InvalidMessageError(`${topic.name} takes no tombstones`);
  }
  const problem = valueCheck(topic.schema)(value);
  if (problem !== undefined) throw new InvalidMessageError(`a message for ${topic.name}: ${problem}`);
  return Buffer.from(JSON.stringify(value));
}

function contentId(topic: string, key: string, value: Buffer | null): string {
  const hash = createHash('sha256').update(`${topic}\0${key}\0`);
  if (value !== null) hash.update(value);
  return hash.digest('hex').slice(0, 32);
}

function headerBytes(headers: RawHeaders): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const values = Array.isArray(value) ? value : [value ?? ''];
    for (const one of values) bytes += name.length + Buffer.byteLength(one) + 4;
  }
  return bytes;
}
