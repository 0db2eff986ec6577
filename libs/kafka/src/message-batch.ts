import type { ReasonCode } from '@watertight/contracts';

/** A record whose value has been parsed and fits the schema of its topic. */
export interface ReceivedMessage<T> {
  readonly value: T;
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** When the record was written, in milliseconds since 1970. */
  readonly timestampMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Consecutive messages of one partition, in the order of their offsets. Never empty. */
export interface MessageBatch<T> {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReceivedMessage<T>[];
  /** Aborts when the work is no longer wanted: the partition is lost, or the time to drain is over. */
  readonly signal: AbortSignal;
}

/**
 * A handler's word on one message. `dead` means that it cannot succeed unchanged: its bytes go to the dead-letter
 * topic. The detail is for a person who looks into it and holds no personal data.
 */
export type MessageOutcome =
  { readonly kind: 'done' } | { readonly kind: 'dead'; readonly reason: ReasonCode; readonly detail: string };

/** One outcome per message, in the order of the messages. */
export type BatchHandlerFunction<T> = (batch: MessageBatch<T>) => Promise<readonly MessageOutcome[]>;

export const DONE: MessageOutcome = Object.freeze({ kind: 'done' });
