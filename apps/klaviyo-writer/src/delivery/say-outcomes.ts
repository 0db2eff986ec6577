import { type BuyerEvent, factOutcome, type FactOutcome, Topics } from '@watertight/contracts';
import { outgoing, type TopicPublisher } from '@watertight/kafka';
import type { Transaction } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { Exchange } from '../klaviyo/describe-exchange.ts';
import { writerMetrics } from '../writer.metrics.ts';
import { isStorable, storableForm, UNSTORABLE } from '../buyer-event-payload.ts';
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
   * got out). `exchangeOf` tells what was sent of an event that Klaviyo accepted. Returns the words.
   */
  async say(
    eventIds: readonly string[],
    exchangeOf: (eventId: string) => Exchange | undefined = () => undefined,
  ): Promise<readonly Word[]> {
    return this.words.settle(eventIds, this.clock.now(), (words) => this.#publish(words, exchangeOf));
  }

  /** Events with an id that cannot be kept anywhere: without a word of them their orders would be on the way for ever. */
  async sayUnstorable(events: readonly BuyerEvent[]): Promise<void> {
    const at = this.clock.now();
    await this.#send(
      events.map(({ eventId, orderKey }) =>
        factOutcome({
          stage: 'writer',
          orderKey: isStorable(orderKey) ? orderKey : null,
          factId: storableForm(eventId),
          outcome: 'failed',
          ...UNSTORABLE,
          revision: 1,
          at,
        }),
      ),
    );
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

  async #publish(
    words: readonly Word[],
    exchangeOf: (eventId: string) => Exchange | undefined = () => undefined,
  ): Promise<void> {
    const at = this.clock.now();
    await this.#send(
      words.map(({ eventId, changed: _changed, exchange, ...word }) => {
        const said = exchange ?? (word.outcome === 'accepted' ? exchangeOf(eventId) : undefined);
        return factOutcome({
          stage: 'writer',
          factId: eventId,
          ...word,
          at,
          ...(said === undefined ? {} : { exchange: said }),
        });
      }),
    );
    for (const { outcome, changed } of words) if (changed) writerMetrics.words.inc({ outcome });
  }

  async #send(outcomes: readonly FactOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    await this.publisher.publish(
      outcomes.map((value) => {
        const subject = value.orderKey ?? value.factId;
        return outgoing(Topics.outcomes, { key: subject, subject, value, id: value.outcomeId });
      }),
    );
  }
}
