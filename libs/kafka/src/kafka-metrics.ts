import { defineMetrics } from '@watertight/service';

const SLICE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Everything that this library measures. Topic and group names are the only labels besides closed lists. */
export const { metrics: kafkaMetrics, definitions: messageDefinitions } = defineMetrics(
  ({ counter, gauge, histogram }) => ({
    messages: counter(
      'watertight_kafka_messages_total',
      'Messages taken from a topic, by what became of them.',
      ['group', 'topic', 'result'],
    ),
    deadLetters: counter('watertight_kafka_dead_letters_total', 'Records diverted to a dead-letter topic.', [
      'group',
      'topic',
      'reason',
    ]),
    pauses: counter(
      'watertight_kafka_pauses_total',
      'Times that a partition was paused: after a retryable error, or by the dead-letter limit.',
      ['group', 'topic', 'cause'],
    ),
    paused: gauge('watertight_kafka_paused_partitions', 'Partitions of this replica that are paused now.', [
      'group',
      'topic',
      'cause',
    ]),
    restarts: counter(
      'watertight_kafka_consumer_restarts_total',
      'Times that the consumer had to start again because no broker answered.',
      ['group'],
    ),
    sliceSeconds: histogram(
      'watertight_kafka_slice_duration_seconds',
      'Time from a slice of messages to its committed offset.',
      SLICE_SECONDS,
      ['group', 'topic'],
    ),
    lagMessages: gauge('watertight_kafka_lag_messages', 'Messages written and not yet dealt with.', [
      'group',
      'topic',
      'partition',
    ]),
    lagSeconds: gauge('watertight_kafka_lag_seconds', 'Age of the oldest message not yet dealt with.', [
      'group',
      'topic',
      'partition',
    ]),
    published: counter('watertight_kafka_published_total', 'Records that the brokers have confirmed.', [
      'topic',
    ]),
    publishFailures: counter(
      'watertight_kafka_publish_failures_total',
      'Produce requests that were given up; their records are published again by whoever asked.',
    ),
  }),
);

const group = defineMetrics(({ counter, gauge }) => ({
  outcomes: counter(
    'watertight_outcomes_total',
    'Words published on orders, refunds and buyer events, by stage and reason; repeats included.',
    ['stage', 'outcome', 'reason'],
  ),
  rebalances: counter(
    'watertight_kafka_rebalances_total',
    'Times that this replica joined its group and was given partitions; the first is its start.',
    ['group'],
  ),
  assigned: gauge('watertight_kafka_assigned_partitions', 'Partitions that this replica has now.', [
    'group',
    'topic',
  ]),
}));

/** How partitions are shared out, and what was said of facts. */
export const groupMetrics = group.metrics;

export const kafkaMetricDefinitions = [...messageDefinitions, ...group.definitions];
