import { ConfigError, RetryableError } from '@watertight/service';
import kafkajs from 'kafkajs';

/** The error at the bottom: kafkajs wraps what a broker said into "retries exceeded" and "non-retriable". */
export function rootCause(error: unknown): unknown {
  let current = error;
  for (let depth = 0; depth < 10; depth += 1) {
    const cause: unknown = current instanceof Error ? current.cause : undefined;
    if (!(cause instanceof Error) || cause === current) return current;
    current = cause;
  }
  return current;
}

/** The broker's name of the error (`REBALANCE_IN_PROGRESS`), where the error is a broker's answer. */
export function brokerErrorType(error: unknown): string | undefined {
  const root = rootCause(error);
  const type: unknown = root instanceof Error ? Reflect.get(root, 'type') : undefined;
  return typeof type === 'string' ? type : undefined;
}

/** The group is being shared out anew, or this member is no longer of it: kafkajs joins again when it is thrown this. */
export function isGroupError(error: unknown): boolean {
  const type = brokerErrorType(error);
  return type === 'REBALANCE_IN_PROGRESS' || type === 'NOT_COORDINATOR_FOR_GROUP' || isMembershipLost(error);
}

/** The partitions may already be worked on by another member. */
export function isMembershipLost(error: unknown): boolean {
  const type = brokerErrorType(error);
  return type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION' || type === 'FENCED_INSTANCE_ID';
}

/** What the producer id can no longer be used for: the next send needs a new producer. */
const fatalProducerErrors: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

export function isFatalProducerError(error: unknown): boolean {
  const type = brokerErrorType(error);
  return type !== undefined && fatalProducerErrors.has(type);
}

/** Can the same request succeed later? True for outages and time-outs, false for what a broker refuses. */
export function isTransient(error: unknown): boolean {
  const root = rootCause(error);
  if (root instanceof kafkajs.KafkaJSTimeout || isFatalProducerError(root)) return true;
  return root instanceof kafkajs.KafkaJSError && root.retriable;
}

/** A broker did not answer in time, or cannot take the request now. */
export function unavailable(what: string, brokers: readonly string[], cause: unknown): RetryableError {
  const reason = rootCause(cause);
  const said = reason instanceof Error ? reason.message : String(reason);
  return new RetryableError(
    `${what}: Kafka at ${brokers.join(', ')} does not answer (${said}). Check KAFKA_BROKERS and that the broker runs.`,
    { cause },
  );
}

/** What a failure to connect means: wait (RetryableError), or change the settings (ConfigError). */
export function connectError(what: string, brokers: readonly string[], error: unknown): Error {
  if (isTransient(error)) return unavailable(what, brokers, error);
  const reason = rootCause(error);
  const said = reason instanceof Error ? reason.message : String(reason);
  if (reason instanceof kafkajs.KafkaJSSASLAuthenticationError) {
    return new ConfigError([
      `KAFKA_SASL_*: Kafka at ${brokers.join(', ')} refused the credentials (${said})`,
    ]);
  }
  return new RequestRefusedError(`${what}: Kafka at ${brokers.join(', ')} refused: ${said}`, {
    cause: error,
  });
}

/** A broker refused a request and would refuse it again: settings or rights differ from what this service needs. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
}
