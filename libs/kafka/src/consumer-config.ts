import type { ConsumerConfig } from 'kafkajs';

/** A member that dies is missed after this long; one that only works long keeps beating. Brokers allow 6 s or more. */
export const DEFAULT_SESSION_TIMEOUT_MS = 10_000;
const HEARTBEATS_PER_SESSION = 5;
/** How long the group waits for a member to finish its slice and come to a rebalance. */
const REBALANCE_TIMEOUT_MS = 60_000;
/**
 * A fetch is answered as soon as there is one byte, so this costs no latency; without any, after this long. It is also
 * how soon a pause ends and how soon an idle consumer stops. kafkajs fetches on a connection of its own, so commits
 * and heartbeats do not wait behind it.
 */
const FETCH_WAIT_MS = 250;
/** Of each partition in one answer: about two slices, so that no partition keeps the others waiting for long. */
const FETCH_BYTES_PER_PARTITION = 1_048_576;

export function heartbeatIntervalMs(sessionTimeoutMs: number): number {
  return sessionTimeoutMs / HEARTBEATS_PER_SESSION;
}

/** `mayRestart` is asked when kafkajs has given up on the brokers. */
export function consumerConfig(
  groupId: string,
  sessionTimeoutMs: number,
  mayRestart: () => boolean,
): ConsumerConfig {
  return {
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs(sessionTimeoutMs),
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    minBytes: 1,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: FETCH_BYTES_PER_PARTITION,
    // kafkajs may start again after an outage of the brokers, which says nothing about our own work. After an error
    // of ours it must not: it would run the same messages into the same error.
    retry: { restartOnFailure: () => Promise.resolve(mayRestart()) },
  };
}
