import type { BuyerEvent } from '@watertight/contracts';
import type { BuyerProfileStore } from './buyer-profile.store.ts';
import type { KnownProfiles } from './known-profiles.ts';
import type { ProfileBudget } from './profile-budget.ts';

export type HoldReason = 'privacy.erased' | 'policy.no_profile' | 'policy.profile_budget';

/** Who may become, or stay, a profile in Klaviyo. */
export class ProfileGates {
  constructor(
    private readonly profiles: Pick<BuyerProfileStore, 'erasedAmong'>,
    private readonly known: KnownProfiles,
    private readonly budget: ProfileBudget,
  ) {}

  /** Per id of an event that must not be sent (now), why. Throws RetryableError when it cannot be known. */
  async judge(events: readonly BuyerEvent[]): Promise<ReadonlyMap<string, HoldReason>> {
    const held = new Map<string, HoldReason>();
    // An erasure is for ever: Klaviyo itself would make the profile anew with the next event.
    const erased = await this.profiles.erasedAmong(events.map(({ buyerId }) => buyerId));
    for (const { eventId, buyerId } of events) if (erased.has(buyerId)) held.set(eventId, 'privacy.erased');
    const open = (): BuyerEvent[] => events.filter(({ eventId }) => !held.has(eventId));
    // Without a profile in Klaviyo, an event of such a marketplace would make one, and a bill.
    const careful = open().filter(({ deliver }) => deliver === 'events_for_existing_profiles');
    const known = await this.known.among(careful.map(({ contact }) => contact.email));
    for (const { eventId, contact } of careful)
      if (!known.has(contact.email.toLowerCase())) held.set(eventId, 'policy.no_profile');
    const free = open().filter(({ deliver }) => deliver !== 'events_for_existing_profiles');
    for (const eventId of await this.budget.exceededBy(free)) held.set(eventId, 'policy.profile_budget');
    return held;
  }
}
