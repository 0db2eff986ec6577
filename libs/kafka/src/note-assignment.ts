import { groupMetrics } from './kafka-metrics.ts';

/** Counts that the group has shared its partitions out anew, and shows how many of each topic this replica got. */
export function noteAssignment(
  group: string,
  topics: readonly string[],
  assignment: Readonly<Record<string, readonly number[]>>,
): void {
  groupMetrics.rebalances.inc({ group });
  for (const topic of topics) groupMetrics.assigned.set({ group, topic }, assignment[topic]?.length ?? 0);
}
