import { Topics } from '@watertight/contracts';
import type { GroupLag } from '@watertight/kafka';
import type { InFlight } from './admission.ts';

/** A stage behind this one, by its consumer group, and the topic that it takes history from. */
export interface StageBehind {
  readonly group: string;
  readonly topic: string;
}

/** What an order passes on its way to Klaviyo. The monitor only watches: history does not wait for it. */
export const STAGES_BEHIND: readonly StageBehind[] = [
  { group: 'profile-mapper', topic: Topics.orders.name },
  { group: 'klaviyo-writer', topic: Topics.buyerEvents.name },
];

/** How much the stages have before them, all together. Throws RetryableError when the brokers do not answer. */
export function messagesBehind(lag: Pick<GroupLag, 'messages'>, stages: readonly StageBehind[]): InFlight {
  return async () => {
    const each = await Promise.all(stages.map(({ group, topic }) => lag.messages(group, topic)));
    return each.reduce((sum, messages) => sum + messages, 0);
  };
}
