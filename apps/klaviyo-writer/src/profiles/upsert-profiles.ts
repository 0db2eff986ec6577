import type { BuyerProfile } from '@watertight/contracts';
import type { Clock } from '@watertight/service';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { SayWords } from '../delivery/say-words.ts';
import { phoneMark, withoutDroppedPhone } from '../delivery/dropped-phone.ts';
import { buildProfile } from '../klaviyo/build-profile.ts';
import type { KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';
import type { ProfileCalls } from '../klaviyo/profile-calls.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import { writerMetrics } from '../writer.metrics.ts';
import type { BuyerProfileStore, DueProfile } from './buyer-profile.store.ts';
import { fromProfilePayload } from './profile-payload.ts';

export interface UpsertOptions {
  readonly store: BuyerProfileStore;
  readonly words: SayWords;
  readonly calls: Pick<ProfileCalls, 'upsert'>;
  readonly limiter: AccountLimiter;
  readonly clock: Clock;
  /** Between two looks at a profile of which nothing has left yet, in milliseconds. */
  readonly waitMs: number;
}

/** Klaviyo takes 12 upserts a second at most; this is what a round takes in hand. */
const DUE_MAX = 200;

/**
 * Writes a profile by itself, but only where no event has carried the change, and only for a buyer of whom an event has
 * left: an upsert never makes a profile, so the budget and the policy hold here too.
 */
export class UpsertProfiles {
  constructor(private readonly options: UpsertOptions) {}

  /** Resolves with true when more is due. Throws RetryableError when Klaviyo cannot be asked. */
  async round(): Promise<boolean> {
    const { store, clock, waitMs } = this.options;
    const due = await store.due(clock.now(), DUE_MAX);
    await store.settle(
      due.filter(({ version, sentVersion }) => sentVersion !== null && sentVersion >= version),
    );
    await store.lookAgain(
      due.filter(({ sentVersion }) => sentVersion === null).map(({ buyerId }) => buyerId),
      new Date(clock.now().getTime() + waitMs),
    );
    for (const one of due)
      if (one.sentVersion !== null && one.sentVersion < one.version) await this.#upsert(one);
    return due.length === DUE_MAX;
  }

  async #upsert(due: DueProfile): Promise<void> {
    const { store, calls, limiter } = this.options;
    const profile = fromProfilePayload(due.profile);
    const permit = await limiter.wait('profiles_write');
    const { buyerId, version, droppedPhone } = due;
    const built = withoutDroppedPhone(buyerId, buildProfile(profile.email, profile), droppedPhone);
    const result = await attempt(limiter, 'profiles_write', () => calls.upsert(built));
    writerMetrics.upserts.inc({ result: result.ok ? 'accepted' : result.failure.kind });
    if (!result.ok && result.failure.kind !== 'rejected') {
      if (result.failure.kind === 'throttled') await limiter.freeze(permit, result.failure.retryAfterMs);
      throw pauseFor(result.failure);
    }
    if (result.ok) {
      const { phoneNumber } = built;
      const dropped = result.value.phoneDropped && phoneNumber !== undefined;
      await store.noteSent(buyerId, version, dropped ? phoneMark(buyerId, phoneNumber) : null);
    } else await this.#sayRefused(profile, result.failure);
    await store.settle([due]);
  }

  async #sayRefused(profile: BuyerProfile, failure: KlaviyoFailure): Promise<void> {
    const problems = failure.kind === 'rejected' ? failure.problems : [];
    const other = problems.find(({ duplicateProfileId }) => duplicateProfileId !== null)?.duplicateProfileId;
    const said = problems.map(({ code, detail }) => `${code}: ${detail}`).join('; ');
    const detail =
      other === undefined || other === null
        ? `Klaviyo refused the profile of buyer ${profile.buyerId}: ${said}`
        : `klaviyo.duplicate_profile: the identifiers of buyer ${profile.buyerId} belong to two profiles in Klaviyo, the one of the address and ${other}. They are not merged; a person must decide which one is right.`;
    const check = other === undefined || other === null ? 'profile_refused' : 'duplicate_profile';
    await this.options.words.say([
      {
        kind: 'finding',
        outcomeId: `writer:finding:account:${check}:${profile.buyerId}`,
        stage: 'writer',
        marketplaceId: null,
        at: this.options.clock.now().toISOString(),
        check,
        result: 'problem',
        detail: detail.slice(0, 2_000),
      },
    ]);
  }
}
