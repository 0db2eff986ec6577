import { type Command, Topics } from '@watertight/contracts';
import { outgoing } from '@watertight/kafka';
import type { Clock } from '@watertight/service';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { OutcomePublisher, SayOutcomes } from '../delivery/say-outcomes.ts';
import type { SayWords } from '../delivery/say-words.ts';
import { describeFailure } from '../klaviyo/klaviyo-errors.ts';
import type { PrivacyClient } from '../klaviyo/privacy-client.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import type { Erasure, ErasureStore } from './erasure.store.ts';

export interface EraseOptions {
  readonly store: ErasureStore;
  readonly outcomes: SayOutcomes;
  readonly words: SayWords;
  readonly publisher: OutcomePublisher;
  /** Null without KLAVIYO_PRIVACY_API_KEY. */
  readonly privacy: Pick<PrivacyClient, 'erase'> | null;
  readonly limiter: AccountLimiter;
  readonly clock: Clock;
}

type EraseCommand = Extract<Command, { type: 'erase' }>;

/**
 * Erases a person here and in Klaviyo. The tombstone comes first: whatever fails afterwards, nothing of the buyer is
 * sent any more, and a later event cannot make the profile anew (Klaviyo itself would let it).
 */
export class EraseProfile {
  constructor(private readonly options: EraseOptions) {}

  /** May be said again: what is done stays done. Throws RetryableError when Klaviyo cannot be asked now. */
  async erase({ buyerId, email }: EraseCommand): Promise<void> {
    const { store, outcomes, words, publisher, clock } = this.options;
    const eventIds = await store.begin(buyerId, clock.now());
    await outcomes.say(eventIds);
    await publisher.publish([
      outgoing(Topics.buyerConsents, { key: buyerId, subject: buyerId, value: null }),
    ]);
    const before = await store.find(buyerId);
    const erasure = before?.done === true ? before : await this.#eraseInKlaviyo(buyerId, email);
    await store.end(buyerId, erasure);
    await words.say([
      {
        kind: 'erasure_receipt',
        outcomeId: `writer:erasure:${buyerId}`,
        buyerId,
        stage: 'writer',
        at: clock.now().toISOString(),
        done: erasure.done,
        detail: erasure.detail,
      },
    ]);
  }

  async #eraseInKlaviyo(buyerId: string, given: string | undefined): Promise<Erasure> {
    const { privacy, store, limiter, clock } = this.options;
    if (privacy === null) {
      const detail =
        'What was kept here is deleted. Klaviyo was not asked: KLAVIYO_PRIVACY_API_KEY is not set. Set it and ask again.';
      return { done: false, detail };
    }
    const email = given ?? (await store.emailOf(buyerId));
    if (email === null) {
      const detail =
        'What was kept here is deleted. Klaviyo was not asked: nobody knows the address any more. Ask again and give it.';
      return { done: false, detail };
    }
    const permit = await limiter.wait('erasures');
    const result = await attempt(limiter, 'erasures', () => privacy.erase(email));
    const now = clock.now().toISOString();
    if (result.ok)
      return {
        done: true,
        detail: `What was kept here is deleted; Klaviyo accepted the deletion at ${now}.`,
      };
    const { failure } = result;
    if (failure.kind === 'throttled') await limiter.freeze(permit, failure.retryAfterMs);
    if (failure.kind === 'throttled' || failure.kind === 'unavailable') throw pauseFor(failure);
    return {
      done: false,
      detail: `What was kept here is deleted. ${describeFailure(failure)}`.slice(0, 2_000),
    };
  }
}
