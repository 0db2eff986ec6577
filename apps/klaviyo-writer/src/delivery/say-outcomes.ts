import { factOutcome, Topics } from '@watertight/contracts';
import { outgoing, type TopicPublisher } from '@watertight/kafka';
import type { Transaction } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import { writerMetrics } from '../writer.metrics.ts';
import type { Word, WordStore } from './word.store.ts';

/** What the rest of the system needs of a publisher. */
export type OutcomePublisher = Pick<TopicPublisher, 'publish'>;

/** Says on `sync.outcomes.v1` what has become of buyer events. */
export class SayOutcomes {
  constructor(
    private readonly words: WordStore,
    private readonly publisher: OutcomePublisher,
    private readonly clock: Clock,
  ) {}

  /**
   * Says the word on each of the events, also one that was said before (this may be a redelivery whose first word never
   * got out). Returns the words.
   */
  async say(eventIds: readonly string[]): Promise<readonly Word[]> {
    return this.words.settle(eventIds, this.clock.now(), (words) => this.#publish(words));
  }

  /** Says only what `change` has changed, together with it: either both are done or none. */
  async sayChanges(
    eventIds: readonly string[],
    change: (transaction: Transaction) => Promise<void>,
  ): Promise<readonly Word[]> {
    const publish = (words: readonly Word[]): Promise<void> =>
      this.#publish(words.filter(({ changed }) => changed));
    return this.words.settle(eventIds, this.clock.now(), publish, change);
  }

  async #publish(words: readonly Word[]): Promise<void> {
    if (words.length === 0) return;
    const at = this.clock.now();
    await this.publisher.publish(
      words.map(({ eventId, orderKey, outcome, reason, detail, revision }) => {
        const value = factOutcome({
          stage: 'writer',
          orderKey,
          factId: eventId,
          outcome,
          reason,
          detail,
          revision,
          at,
        });
        return outgoing(Topics.outcomes, { key: orderKey, subject: orderKey, value, id: value.outcomeId });
      }),
    );
    for (const { outcome, changed } of words) if (changed) writerMetrics.words.inc({ outcome });
  }
}
