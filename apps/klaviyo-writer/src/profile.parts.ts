import { EraseProfile } from './commands/erase-profile.ts';
import { ErasureStore } from './commands/erasure.store.ts';
import { ConsentStore } from './consent/consent.store.ts';
import { ReadConsents } from './consent/read-consents.ts';
import type { DeliverBatch } from './deliver-batch.ts';
import { BuyerProfileStore } from './profiles/buyer-profile.store.ts';
import { KnownProfiles } from './profiles/known-profiles.ts';
import { ProfileBudget } from './profiles/profile-budget.ts';
import { ProfileBudgetStore } from './profiles/profile-budget.store.ts';
import { ProfileGates } from './profiles/profile-gates.ts';
import { SendParked } from './profiles/send-parked.ts';
import { TakeProfiles } from './profiles/take-profiles.ts';
import { UpsertProfiles } from './profiles/upsert-profiles.ts';
import type { Round } from './rounds/rounds.ts';
import type { SharedParts } from './writer.parts.ts';

/** What concerns profiles rather than events. */
export interface ProfileParts {
  readonly gates: ProfileGates;
  readonly takeProfiles: TakeProfiles;
  readonly erases: EraseProfile;
  readonly rounds: (deliver: DeliverBatch) => readonly Round[];
}

const UPSERTS_EVERY_MAX_MS = 15_000;
const CONSENTS_EVERY_MS = 15_000;
const PARKED_EVERY_MS = 60_000;

export function profileParts(shared: SharedParts): ProfileParts {
  const { database, words, wordStore, outcomes, limiter, client, privacy, publisher } = shared;
  const { config, policy } = shared;
  const { clock } = shared.context;
  const store = new BuyerProfileStore(database);
  const known = new KnownProfiles(client.profiles, limiter);
  const limits = {
    perDay: policy.klaviyo.newProfilesPerDay,
    perMonth: policy.klaviyo.newProfilesPerMonth,
  };
  const budget = new ProfileBudget(new ProfileBudgetStore(database), known, limits, clock);
  const waitMs = config.PROFILE_WAIT;
  const calls = client.profiles;
  const upserts = new UpsertProfiles({ store, words, calls, limiter, clock, waitMs });
  const everyMs = config.CONSENTS_EVERY;
  const consents = new ReadConsents({
    store: new ConsentStore(database),
    publisher,
    calls,
    limiter,
    clock,
    everyMs,
  });
  const erasures = new ErasureStore(database);
  return {
    gates: new ProfileGates(store, known, budget),
    takeProfiles: new TakeProfiles(store, clock, waitMs),
    erases: new EraseProfile({ store: erasures, outcomes, words, publisher, privacy, limiter, clock }),
    rounds: (deliver) => {
      const parked = new SendParked(wordStore, deliver, clock);
      return [
        {
          name: 'upserts',
          everyMs: Math.min(UPSERTS_EVERY_MAX_MS, waitMs),
          alone: true,
          run: () => upserts.round(),
        },
        {
          name: 'consents',
          everyMs: Math.min(CONSENTS_EVERY_MS, everyMs),
          alone: true,
          run: () => consents.round(),
        },
        { name: 'parked', everyMs: PARKED_EVERY_MS, alone: true, run: () => parked.round() },
      ];
    },
  };
}
