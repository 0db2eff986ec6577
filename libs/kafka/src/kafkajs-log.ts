import type { Logger } from '@watertight/service';
import kafkajs, { type LogEntry, type logCreator } from 'kafkajs';

/** What may be copied from a kafkajs log entry: positions and names, never a record, a key or an error object. */
const allowedFields = ['broker', 'groupId', 'topic', 'partition', 'retryCount', 'retryTime'] as const;

/**
 * What kafkajs calls an error or a warning although it is part of normal operation: every rebalance, and our choice
 * of bounded retries for the idempotent producer (TopicPublisher makes a new producer after each failure, so that
 * the guarantee which kafkajs warns about is kept).
 */
const normalOperation = [
  /the group is rebalancing/i,
  /rebalance in progress/i,
  /Limiting retries for the idempotent producer/,
  /member id|not aware of this member|generation id/i,
  /coordinator is (loading|not available)/,
  // We say ourselves what an outage means for the consumer (group-consumer.ts).
  /^(Crash: |Restarting the consumer)/,
];

/** In an outage kafkajs says the same several times a second; a person reads it once in this time. */
const REPEAT_AFTER_MS = 60_000;
const TEXTS_MAX = 100;

/**
 * Routes what kafkajs has to say to our logger. Its errors become warnings: it retries nearly all of them itself,
 * and those that it gives up on reach us as errors that we log once, with what they mean for the service.
 */
export function kafkajsLog(logger: Logger, nowMs: () => number = Date.now): logCreator {
  const saidAtMs = new Map<string, number>();
  const isRepeat = (text: string): boolean => {
    const now = nowMs();
    if (now - (saidAtMs.get(text) ?? -Infinity) < REPEAT_AFTER_MS) return true;
    if (saidAtMs.size >= TEXTS_MAX) saidAtMs.clear();
    saidAtMs.set(text, now);
    return false;
  };
  return () => (entry) => {
    const fields = fieldsOf(entry);
    const text = `kafkajs ${entry.namespace}: ${entry.log.message}`;
    const isWarning = entry.level === kafkajs.logLevel.ERROR || entry.level === kafkajs.logLevel.WARN;
    if (isWarning && !isNormal(entry) && !isRepeat(text)) logger.warn(fields, text);
    else logger.debug(fields, text);
  };
}

function isNormal(entry: LogEntry): boolean {
  const cause: unknown = entry.log['error'];
  const text = typeof cause === 'string' ? `${entry.log.message} ${cause}` : entry.log.message;
  return normalOperation.some((pattern) => pattern.test(text));
}

function fieldsOf(entry: LogEntry): Record<string, string | number> {
  const fields: Record<string, string | number> = {};
  for (const name of allowedFields) {
    const value: unknown = entry.log[name];
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  // Of an error only its text: kafkajs sends that as a string, and the object itself in a few places.
  const cause: unknown = entry.log['error'];
  if (typeof cause === 'string') fields['reason'] = cause;
  return fields;
}
