import { Topics } from '@watertight/contracts';
import type { OutgoingMessage } from './encode-message.ts';
import { groupMetrics } from './kafka-metrics.ts';

/** Counts the words on facts among what was published: this is the one place that all of them pass. */
export function countOutcomes(messages: readonly OutgoingMessage[]): void {
  for (const { topic, value } of messages) {
    if (topic.name !== Topics.outcomes.name || typeof value !== 'object' || value === null) continue;
    const { kind, stage, outcome, reason }: OutcomeLike = value;
    if (kind !== 'fact') continue;
    groupMetrics.outcomes.inc({
      stage: String(stage),
      outcome: String(outcome),
      reason: typeof reason === 'string' ? reason : 'none',
    });
  }
}

/** What was published fits its schema; only these fields matter here. */
interface OutcomeLike {
  readonly kind?: unknown;
  readonly stage?: unknown;
  readonly outcome?: unknown;
  readonly reason?: unknown;
}
