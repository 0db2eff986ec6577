import type { BuyerEvent } from '@watertight/contracts';
import type { Clock } from '@watertight/service';
import type { KnownProfiles } from './known-profiles.ts';
import type { BudgetLimits, ProfileBudgetStore } from './profile-budget.store.ts';

/**
 * Keeps the number of new profiles under what the policy allows: every profile that can be mailed is billed, and plans
 * grow by themselves. Klaviyo is asked who is a profile already only where there is a limit.
 */
export class ProfileBudget {
  constructor(
    private readonly store: ProfileBudgetStore,
    private readonly known: KnownProfiles,
    private readonly limits: BudgetLimits,
    private readonly clock: Clock,
  ) {}

  /** Ids of the events that would make a profile beyond the budget. Throws RetryableError when it cannot be known. */
  async exceededBy(events: readonly BuyerEvent[]): Promise<ReadonlySet<string>> {
    const { perDay, perMonth } = this.limits;
    if ((perDay === null && perMonth === null) || events.length === 0) return new Set();
    const addresses = new Map(events.map(({ buyerId, contact }) => [buyerId, contact.email]));
    const sent = await this.store.knownAmong([...addresses.keys()]);
    const open = [...addresses].filter(([buyerId]) => !sent.has(buyerId));
    if (open.length === 0) return new Set();
    const known = await this.known.among(open.map(([, email]) => email));
    const wanted = open.filter(([, email]) => !known.has(email.toLowerCase())).map(([buyerId]) => buyerId);
    const admitted = await this.store.admit(wanted, this.limits, this.clock.now());
    const over = new Set(wanted.filter((buyerId) => !admitted.has(buyerId)));
    return new Set(events.filter(({ buyerId }) => over.has(buyerId)).map(({ eventId }) => eventId));
  }
}
