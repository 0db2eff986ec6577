import { createHash } from 'node:crypto';
import { type BuyerConsent, Topics } from '@watertight/contracts';
import { outgoing } from '@watertight/kafka';
import type { Clock } from '@watertight/service';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { OutcomePublisher } from '../delivery/say-outcomes.ts';
import { type KlaviyoConsent, PROFILE_LOOKUP_MAX, type ProfileCalls } from '../klaviyo/profile-calls.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import { writerMetrics } from '../writer.metrics.ts';
import type { BuyerToRead, ConsentStore } from './consent.store.ts';

export interface ReadConsentsOptions {
  readonly store: ConsentStore;
  readonly publisher: OutcomePublisher;
  readonly calls: Pick<ProfileCalls, 'listConsents'>;
  readonly limiter: AccountLimiter;
  readonly clock: Clock;
  /** A buyer's consent is read again after this, in milliseconds. */
  readonly everyMs: number;
}

/**
 * Mirrors marketing consent from Klaviyo to `buyer.consents.v1`: a page of a hundred buyers a round, those first whose
 * consent was read longest ago. It reads and never writes: consent is Klaviyo's and the person's.
 */
export class ReadConsents {
  constructor(private readonly options: ReadConsentsOptions) {}

  /** Resolves with true when more buyers wait. Throws RetryableError when Klaviyo cannot be asked. */
  async round(): Promise<boolean> {
    const { store, clock, everyMs } = this.options;
    const now = clock.now();
    const buyers = await store.toRead(new Date(now.getTime() - everyMs), PROFILE_LOOKUP_MAX);
    if (buyers.length === 0) return false;
    const consents = new Map((await this.#ask(buyers)).map((consent) => [consent.email, consent]));
    const read = buyers.map((buyer) => {
      const consent = consents.get(buyer.email.toLowerCase());
      // A profile that is not there yet, or no longer, has no consent to speak of; it is asked for again in its turn.
      if (consent === undefined) return { buyer, value: undefined, consentHash: buyer.consentHash };
      const value = consentOf(buyer, consent, now);
      return { buyer, value, consentHash: hashOf(value) };
    });
    const changed = read.filter(({ buyer, consentHash }) => consentHash !== buyer.consentHash);
    await this.#publish(changed.flatMap(({ value }) => value ?? []));
    await store.noteRead(
      read.map(({ buyer, consentHash }) => ({ buyerId: buyer.buyerId, consentHash })),
      now,
    );
    writerMetrics.consentsRead.inc(buyers.length);
    return buyers.length === PROFILE_LOOKUP_MAX;
  }

  async #ask(buyers: readonly BuyerToRead[]): Promise<readonly KlaviyoConsent[]> {
    const { limiter, calls } = this.options;
    const permit = await limiter.wait('profiles_read');
    const emails = buyers.map(({ email }) => email);
    const result = await attempt(limiter, 'profiles_read', () => calls.listConsents(emails));
    if (result.ok) return result.value;
    if (result.failure.kind === 'throttled') await limiter.freeze(permit, result.failure.retryAfterMs);
    throw pauseFor(result.failure);
  }

  async #publish(consents: readonly BuyerConsent[]): Promise<void> {
    if (consents.length === 0) return;
    await this.options.publisher.publish(
      consents.map((value) =>
        outgoing(Topics.buyerConsents, { key: value.buyerId, subject: value.buyerId, value }),
      ),
    );
  }
}

function consentOf({ buyerId }: BuyerToRead, consent: KlaviyoConsent, now: Date): BuyerConsent {
  const { emailConsent, canReceiveEmailMarketing, consentedAt, suppressions } = consent;
  const consentedMs = consentedAt === null ? NaN : Date.parse(consentedAt);
  return {
    buyerId,
    asOf: now.toISOString(),
    emailConsent: emailConsent.slice(0, 100),
    canReceiveEmailMarketing,
    consentedAt: Number.isNaN(consentedMs) ? null : new Date(consentedMs).toISOString(),
    suppressions: [...new Set(suppressions)].sort().map((reason) => reason.slice(0, 100)),
  };
}

/** Of what Klaviyo says, not of when it was asked. */
function hashOf({ asOf: _asOf, ...consent }: BuyerConsent): string {
  return createHash('sha256').update(JSON.stringify(consent)).digest('hex');
}
