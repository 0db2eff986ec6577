export { BatchHandler, CompactedBatchHandler } from './batch-handler.ts';
export { BatchStrategy, type BatchStrategyOptions, LanePausedError } from './batch-strategy.ts';
export { type DeadLetter } from './dead-letter.ts';
export { DeadLetterReader, type LetterPosition, type StoredDeadLetter } from './dead-letter-reader.ts';
export { DEFAULT_DEAD_LETTER_LIMIT, type DeadLetterLimitSettings } from './dead-letter-limit.ts';
export {
  InvalidMessageError,
  MessageTooLargeError,
  outgoing,
  type OutgoingFields,
  type OutgoingMessage,
} from './encode-message.ts';
export { GroupLag } from './group-lag.ts';
export {
  connectKafka,
  KafkaConnection,
  type KafkaConnectionOptions,
  type SaslCredentials,
} from './kafka-connection.ts';
export { RequestRefusedError } from './kafka-errors.ts';
export { kafkaMetricDefinitions } from './kafka-metrics.ts';
export { KafkaModule, type KafkaModuleOptions } from './kafka.module.ts';
export { kafkaOptions, kafkaVariables } from './kafka-variables.ts';
export { type PartitionLag } from './lag.ts';
export { type DeadLetterCount, type Lane, type LaneLag, LaneWatch, type LanesLook } from './lane-watch.ts';
export { type BackoffSettings, DEFAULT_BACKOFF } from './lane-pauses.ts';
export { MESSAGE_MAX_BYTES } from './limits.ts';
export {
  type BatchHandlerFunction,
  DONE,
  type MessageBatch,
  type MessageOutcome,
  type ReceivedMessage,
} from './message-batch.ts';
export { readNewest } from './read-newest.ts';
export { groupMembers, heldStretches, readWhole, type HeldStretch, type WholeBatch } from './read-whole.ts';
export { type PublishedPosition } from './record-sender.ts';
export { TopicPublisher, type TopicPublisherOptions } from './topic-publisher.ts';
export { checkTopics, deadLetterTopicConfigs, ensureTopics, topicConfig } from './topics-admin.ts';
