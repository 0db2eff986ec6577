import { findMarketplace, type MarketplacesPolicy } from '@watertight/marketplaces';
import type { StoredBuyer } from '../buyer/buyers.store.ts';
import type { StoredOrder } from '../facts/stored-order.ts';
import type { Recognised } from './choose-buyer.ts';
import { isSharedAddress, markPerson, notePerson, type PeopleByMarketplace } from './shared-address.ts';

export interface SeenOrder {
  readonly order: StoredOrder;
  readonly recognised: Recognised;
}

export interface NotedPeople {
  /** Of every buyer of the batch who is not erased; the stored object itself where nothing is new. */
  readonly people: ReadonlyMap<string, PeopleByMarketplace>;
  /** Does this address, by its buyer, stand for many people at this marketplace? */
  readonly isShared: (marketplaceId: string, buyerId: string) => boolean;
  /** Addresses that only these orders have shown to be shared: what was said of older orders is to be judged again. */
  readonly newlyShared: readonly { readonly marketplaceId: string; readonly buyerId: string }[];
}

/**
 * Adds the people on these orders to what is known of their addresses, all of them before any is judged: within a batch
 * the order of arrival makes no difference. Only addresses from Mirakl count: whoever claims one says whose it is.
 */
export function notePeople(
  seen: readonly SeenOrder[],
  buyers: ReadonlyMap<string, StoredBuyer>,
  { policy, buyerIdKey }: { readonly policy: MarketplacesPolicy; readonly buyerIdKey: string },
): NotedPeople {
  const people = new Map(
    [...buyers.values()].filter(({ erased }) => !erased).map((buyer) => [buyer.buyerId, buyer.people]),
  );
  const touched = new Map<string, { marketplaceId: string; buyerId: string }>();
  for (const { order, recognised } of seen) {
    const { contact, contactBuyerId } = recognised;
    const known = contactBuyerId === null ? undefined : people.get(contactBuyerId);
    if (
      order.fact === null ||
      order.fact.anonymisedAt !== null ||
      contactBuyerId === null ||
      known === undefined
    ) {
      continue;
    }
    if (contact.class !== 'direct' || contact.source !== 'mirakl') continue;
    const { marketplaceId, buyer } = order.fact;
    const next = notePerson(known, marketplaceId, markPerson(buyer, buyerIdKey));
    if (next === known) continue;
    people.set(contactBuyerId, next);
    touched.set(`${marketplaceId} ${contactBuyerId}`, { marketplaceId, buyerId: contactBuyerId });
  }
  const thresholdOf = (id: string): number => findMarketplace(policy, id)?.contact.sharedBy ?? 0;
  const shared = (of: PeopleByMarketplace | undefined, marketplaceId: string): boolean =>
    isSharedAddress(of?.[marketplaceId], thresholdOf(marketplaceId));
  return {
    people,
    isShared: (marketplaceId, buyerId) => shared(people.get(buyerId), marketplaceId),
    newlyShared: [...touched.values()].filter(
      ({ marketplaceId, buyerId }) =>
        shared(people.get(buyerId), marketplaceId) && !shared(buyers.get(buyerId)?.people, marketplaceId),
    ),
  };
}
