import type { BuyerProfile } from '@watertight/contracts';
import type { Queryable } from '@watertight/postgres';
import { buildProfile } from './build-profile.ts';
import { saveProfiles, type StoredBuyer } from './buyers.store.ts';
import { readAggregates } from './sales.store.ts';

export interface UpdatedProfiles {
  /** The profile of every buyer who has one, changed or not. */
  readonly profiles: ReadonlyMap<string, BuyerProfile>;
  /** Buyers whose profile has changed, and so has a new version. */
  readonly raised: readonly string[];
}

/** Computes the aggregates of the buyers, who are locked, from their sales, and keeps each profile that has changed. */
export async function updateProfiles(
  tx: Queryable,
  buyers: readonly StoredBuyer[],
  reportingCurrency: string,
  now: Date,
): Promise<UpdatedProfiles> {
  const aggregates = await readAggregates(
    tx,
    buyers.map(({ buyerId }) => buyerId),
  );
  const built = buyers.flatMap(({ buyerId, profile: previous, version }) => {
    const context = { buyerId, reportingCurrency, previous, version, now };
    const profile = buildProfile(aggregates.get(buyerId), context);
    return profile === undefined ? [] : [{ profile, changed: profile !== previous }];
  });
  const changed = built.filter((one) => one.changed).map(({ profile }) => profile);
  await saveProfiles(tx, changed);
  return {
    profiles: new Map(built.map(({ profile }) => [profile.buyerId, profile])),
    raised: changed.map(({ buyerId }) => buyerId),
  };
}
