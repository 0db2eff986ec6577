import { Topics } from '@watertight/contracts';
import type { OutgoingMessage } from './encode-message.ts';
import { groupMetrics } from './kafka-metrics.ts';

/** Counts the words on facts among what was published: this is the one place that all of them pass. */
export function countOutcomes(messages: readonly OutgoingMessage[]): void {
  // Most of a batch say the same, and finding a metric by its labels is dear.
  const counts = new Map<string, { readonly labels: OutcomeLabels; count: number }>();
  for (const { topic, value } of messages) {
    if (topic.name !== Topics.outcomes.name || typeof value !== 'object' || value === null) continue;
    const { kind, stage, outcome, reason }: OutcomeLike = value;
    if (kind !== 'fact') continue;
    const key = `${String(stage)} ${String(outcome)} ${String(reason)}`;
    const known = counts.get(key);
    if (known !== undefined) {
      known.count += 1;
      continue;
    }
    const labels = {
      stage: String(stage),
      outcome: String(outcome),
      reason: typeof reason === 'string' ? reason : 'none',
    };
    counts.set(key, { labels, count: 1 });
  }
  for (const { labels, count } of counts.values()) groupMetrics.outcomes.inc(labels, count);
}

interface OutcomeLabels {
  readonly stage: string;
  readonly outcome: string;
  readonly reason: string;
}

/** What was published fits its schema; only these fields matter here. */
interface OutcomeLike {
  readonly kind?: unknown;
  readonly stage?: unknown;
  readonly outcome?: unknown;
  readonly reason?: unknown;
}
