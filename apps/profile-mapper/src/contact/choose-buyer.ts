import type { ReasonCode } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { KnownOrder } from '../events/order-worth.ts';
import type { OrderBuyer, StoredOrder } from '../facts/stored-order.ts';
import { classifyContact, type Contact } from './classify-contact.ts';
import { describePerson, mergePerson } from './describe-person.ts';

/** Who an order seems to be from, before it is known whether that person was erased. */
export interface Recognised {
  readonly contact: Contact;
  /** The buyer behind the address that stands on the order now, whether it may be used or not. */
  readonly contactBuyerId: string | null;
  /** The buyer whose address a person claimed for the order. */
  readonly claimBuyerId: string | null;
  /** Why its newest fact cannot be worked with; null where it can. */
  readonly rejected: string | null;
}

export interface Refusal {
  readonly outcome: 'uncaptured' | 'withheld';
  readonly reason: ReasonCode;
}

export type IsShared = (marketplaceId: string, buyerId: string) => boolean;

/** The buyer that events of this order have left for. */
export function firstBuyer({ memory }: StoredOrder): OrderBuyer | null {
  return Object.keys(memory.emitted).length > 0 ? memory.buyer : null;
}

/** The contact as it is after looking at who else orders with it. */
export function judgeSharing(
  { contact, contactBuyerId }: Recognised,
  marketplaceId: string,
  isShared: IsShared,
): Contact {
  if (contact.class !== 'direct' || contact.source !== 'mirakl' || contactBuyerId === null) return contact;
  return isShared(marketplaceId, contactBuyerId) ? { ...contact, class: 'placeholder' } : contact;
}

/**
 * The buyer, or why there is none. Once a buyer event has left, the order stays with the buyer it left for, even
 * when the marketplace shows another address or none: one event is never sent for two people.
 */
export function chooseBuyer(
  order: KnownOrder,
  contact: Contact,
  contactBuyerId: string | null,
  { contact: rules }: Pick<MarketplacePolicy, 'contact'>,
): OrderBuyer | Refusal {
  if (rules.use === 'none') return { outcome: 'withheld', reason: 'policy.contact_not_used' };
  const first = firstBuyer(order);
  const held: Contact =
    first === null
      ? contact
      : classifyContact([{ value: first.email, source: first.source }], rules, { anonymised: false });
  const usable = held.class === 'direct' || (held.class === 'relay' && rules.use === 'direct_and_relay');
  if (!usable) return { outcome: 'uncaptured', reason: `contact.${held.class}` };
  const buyerId = first?.buyerId ?? contactBuyerId;
  if (buyerId === null) return { outcome: 'uncaptured', reason: 'contact.absent' };
  const known = order.memory.buyer?.buyerId === buyerId ? order.memory.buyer.person : null;
  // What the order says of another person, or of nobody any more, is not told of this one.
  const stated = contactBuyerId === buyerId || known === null ? describePerson(order.fact.buyer) : known;
  const person = known === null ? stated : mergePerson(known, stated);
  return { buyerId, email: held.email, class: held.class, source: held.source, person };
}

/** What a person has to look at in an order whose events have left; null when nothing contradicts them. */
export interface Contradiction {
  readonly reason: Extract<
    ReasonCode,
    'contact.claim_contradicts' | 'contact.changed_after_delivery' | 'contact.shared_address'
  >;
  readonly detail: string;
}

/**
 * Does anything speak against the buyer that the order's events left for? A claim weighs most: whoever made it knows
 * something. A claim that agrees with the delivered address settles what Mirakl shows since. A relay names no person, so
 * one that appears or changes contradicts nobody.
 */
export function findContradiction(
  order: KnownOrder,
  contact: Contact,
  { contactBuyerId, claimBuyerId }: Recognised,
  isShared: IsShared,
): Contradiction | null {
  const first = firstBuyer(order);
  if (first === null || claimBuyerId === first.buyerId) return null;
  if (claimBuyerId !== null) {
    return {
      reason: 'contact.claim_contradicts',
      detail: 'A claim names another address; buyer events stay with the first buyer',
    };
  }
  if (first.source === 'mirakl' && isShared(order.fact.marketplaceId, first.buyerId)) {
    return {
      reason: 'contact.shared_address',
      detail: 'Many different people have ordered with the address that the buyer events were sent for',
    };
  }
  if (contact.class === 'direct' && contactBuyerId !== null && contactBuyerId !== first.buyerId) {
    return {
      reason: 'contact.changed_after_delivery',
      detail: 'The address at the marketplace has changed; buyer events stay with the first buyer',
    };
  }
  return null;
}
