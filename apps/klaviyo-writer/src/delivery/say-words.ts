import { type Outcome, Topics } from '@watertight/contracts';
import { outgoing } from '@watertight/kafka';
import type { OutcomePublisher } from './say-outcomes.ts';

/** Key of words that are about the Klaviyo account and neither about an order nor about a marketplace. */
const ACCOUNT_KEY = 'klaviyo';

/** Says on `sync.outcomes.v1` what is not about one order. */
export class SayWords {
  constructor(private readonly publisher: OutcomePublisher) {}

  async say(words: readonly Exclude<Outcome, { kind: 'fact' }>[]): Promise<void> {
    if (words.length === 0) return;
    await this.publisher.publish(
      words.map((value) =>
        outgoing(Topics.outcomes, {
          key: ACCOUNT_KEY,
          subject: ACCOUNT_KEY,
          value,
          id: value.outcomeId,
        }),
      ),
    );
  }
}
