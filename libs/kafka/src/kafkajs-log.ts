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
];

/**
 * Routes what kafkajs has to say to our logger. Its errors become warnings: it retries nearly all of them itself,
 * and those that it gives up on reach us as errors that we log once, with what they mean for the service.
 */
export function kafkajsLog(logger: Logger): logCreator {
  return () => (entry) => {
    const fields = fieldsOf(entry);
    const text = `kafkajs ${entry.namespace}: ${entry.log.message}`;
    const isWarning = entry.level === kafkajs.logLevel.ERROR || entry.level === kafkajs.logLevel.WARN;
    if (isWarning && !isNormal(entry)) logger.warn(fields, text);
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
