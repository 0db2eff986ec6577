/**
 * Record headers. CloudEvents 1.0 attributes in the Kafka binding's binary mode (`ce_` + attribute), W3C trace
 * context beside them, and what a dead letter says about where it came from.
 */
export const ceHeaders = {
  specVersion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  time: 'ce_time',
  /** The orderKey (or buyerId) the message is about, so that even an unreadable value can be accounted for. */
  subject: 'ce_subject',
  contentType: 'content-type',
} as const;

export const traceHeaders = { traceparent: 'traceparent', tracestate: 'tracestate' } as const;

export const deadLetterHeaders = {
  topic: 'dlq_topic',
  partition: 'dlq_partition',
  offset: 'dlq_offset',
  group: 'dlq_group',
  stage: 'dlq_stage',
  reason: 'dlq_reason',
  detail: 'dlq_detail',
  attempts: 'dlq_attempts',
  at: 'dlq_at',
} as const;

/** `<topic>.<group>.dlq` */
export function deadLetterTopicName(topic: string, group: string): string {
  return `${topic}.${group}.dlq`;
}
