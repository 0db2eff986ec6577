import type { BuyerProfile } from '@watertight/contracts';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import type { Queryable } from '@watertight/postgres';
import type { PeopleByMarketplace } from '../contact/shared-address.ts';
import { buildProfile } from './build-profile.ts';
import { saveBuyers, type StoredBuyer } from './buyers.store.ts';
import { listBuyersSending, listPhones, lockSharedPhones } from './phones.store.ts';
import { readAggregates } from './sales.store.ts';

export interface UpdatedProfiles {
  /** The profile of every buyer who has one, changed or not. */
  readonly profiles: ReadonlyMap<string, BuyerProfile>;
  /** Buyers whose profile has changed, and so has a new version. */
  readonly raised: readonly string[];
  /** Other buyers, who are not locked, whose phone number is not theirs alone any more. */
  readonly alsoStale: readonly string[];
}

export interface UpdateContext {
  readonly policy: MarketplacesPolicy;
  readonly now: Date;
  /** Who has ordered with the addresses of the buyers, as it is to be kept. */
  readonly people: ReadonlyMap<string, PeopleByMarketplace>;
}

/** Computes the aggregates of the buyers, who are locked, from their sales, and keeps each profile that has changed. */
export async function updateProfiles(
  tx: Queryable,
  buyers: readonly StoredBuyer[],
  { policy, now, people }: UpdateContext,
): Promise<UpdatedProfiles> {
  const buyerIds = buyers.map(({ buyerId }) => buyerId);
  const phoneMarketplaces = policy.marketplaces
    .filter(({ contact }) => contact.phone === 'unshared')
    .map(({ id }) => id);
  const phones = phoneMarketplaces.length === 0 ? undefined : await judgePhones(tx, buyerIds);
  const aggregates = await readAggregates(tx, buyerIds, phoneMarketplaces);
  const { reportingCurrency } = policy;
  const built = buyers.map(({ buyerId, profile: previous, version, people: known }) => {
    const context = { buyerId, reportingCurrency, previous, version, now, sharedPhones: phones?.shared };
    const profile = buildProfile(aggregates.get(buyerId), context) ?? null;
    const seen = people.get(buyerId) ?? known;
    return { buyerId, profile, people: seen, changed: profile !== previous, isNews: seen !== known };
  });
  await saveBuyers(
    tx,
    built.filter(({ changed, isNews }) => changed || isNews),
  );
  return {
    profiles: new Map(
      built.flatMap(({ buyerId, profile }) => (profile === null ? [] : [[buyerId, profile]])),
    ),
    raised: built.filter(({ changed }) => changed).map(({ buyerId }) => buyerId),
    alsoStale: phones?.alsoStale ?? [],
  };
}

/** Households share phones, and Klaviyo merges people by them: a number that two buyers have is sent for neither. */
async function judgePhones(
  tx: Queryable,
  buyerIds: readonly string[],
): Promise<{ readonly shared: ReadonlySet<string>; readonly alsoStale: readonly string[] }> {
  const shared = await lockSharedPhones(tx, await listPhones(tx, buyerIds));
  const others = new Set(shared.flatMap((phone) => phone.buyerIds).filter((id) => !buyerIds.includes(id)));
  const phones = shared.map(({ phone }) => phone);
  return { shared: new Set(phones), alsoStale: await listBuyersSending(tx, [...others], phones) };
}
