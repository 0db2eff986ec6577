import { attempt, pauseFor } from '../delivery/attempt.ts';
import { PROFILE_LOOKUP_MAX, type ProfileCalls } from '../klaviyo/profile-calls.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';

/** Which buyers are profiles in Klaviyo already: every other one would be a new, billable profile. */
export class KnownProfiles {
  constructor(
    private readonly calls: Pick<ProfileCalls, 'listKnownEmails'>,
    private readonly limiter: AccountLimiter,
  ) {}

  /** Those of the addresses that belong to a profile, in lower case. Throws RetryableError when Klaviyo cannot be asked. */
  async among(emails: readonly string[]): Promise<ReadonlySet<string>> {
    const distinct = [...new Set(emails)];
    const known = new Set<string>();
    for (let start = 0; start < distinct.length; start += PROFILE_LOOKUP_MAX) {
      const permit = await this.limiter.wait('profiles_read');
      const some = distinct.slice(start, start + PROFILE_LOOKUP_MAX);
      const result = await attempt(this.limiter, 'profiles_read', () => this.calls.listKnownEmails(some));
      if (!result.ok) {
        if (result.failure.kind === 'throttled')
          await this.limiter.freeze(permit, result.failure.retryAfterMs);
        throw pauseFor(result.failure);
      }
      for (const email of result.value) known.add(email);
    }
    return known;
  }
}
