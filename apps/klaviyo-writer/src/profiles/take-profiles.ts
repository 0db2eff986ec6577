import type { BuyerProfile } from '@watertight/contracts';
import { DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import type { Clock } from '@watertight/service';
import type { BuyerProfileStore } from './buyer-profile.store.ts';

/**
 * Takes in what `buyer.profiles.v1` says. Nearly every version of a profile is carried by the event that changed it; so
 * a version waits for a while, and only what no event has carried by then is written by itself (see UpsertProfiles).
 */
export class TakeProfiles {
  constructor(
    private readonly store: BuyerProfileStore,
    private readonly clock: Clock,
    /** How long a version waits for an event that carries it, in milliseconds. */
    private readonly waitMs: number,
  ) {}

  async take({ messages }: MessageBatch<BuyerProfile | null>): Promise<readonly MessageOutcome[]> {
    const profiles = messages.flatMap(({ value }) => (value === null ? [] : [value]));
    const gone = messages.flatMap(({ key, value }) => (value === null ? [key] : []));
    await this.store.take(profiles, new Date(this.clock.now().getTime() + this.waitMs));
    await this.store.forget(gone);
    return messages.map(() => DONE);
  }
}
