import type {
  ContactClass,
  OrderFact,
  OutcomeName,
  ReasonCode,
  RefundFact,
  WireMoney,
} from '@watertight/contracts';
import type { ContactSource } from '../contact/classify-contact.ts';

export type RawBuyer = OrderFact['buyer'];

/** A refund, cancelation or return as Mirakl said it last, and when it was first seen. */
export interface StoredChange {
  readonly fact: RefundFact;
  readonly firstObservedAt: string;
}

/** What older facts of an order have shown; it holds even when they come late. */
export interface OrderHistory {
  readonly accepted: boolean;
  /** `updatedAt` of the earliest fact that showed it. */
  readonly fulfilledAt: string | null;
  readonly cancelledAt: string | null;
  /** The highest amount that Mirakl has shown: cancelations lower it. */
  readonly highestAmount: WireMoney | null;
}

export interface ContactClaim {
  readonly commandId: string;
  /** Normalised. */
  readonly email: string;
  readonly source: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
}

/** What a profile says of a person, from one order. */
export interface Person {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly locale: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  readonly postalCode: string | null;
  readonly phone: string | null;
}

/** The buyer that an order belongs to. It stays with its first one once a buyer event has left. */
export interface OrderBuyer {
  readonly buyerId: string;
  readonly email: string;
  readonly class: ContactClass;
  readonly source: ContactSource;
  readonly person: Person;
}

/** The mapper's word on an order. */
export interface Word {
  readonly outcome: OutcomeName;
  readonly reason: ReasonCode | null;
  readonly detail: string | null;
  readonly eventIds: readonly string[];
  /** Of the contact that the order was or can be delivered by; null for an erased order. */
  readonly contactClass: ContactClass | null;
  readonly country: string | null;
  /** The buyer whose figures the order is in; null while it is in nobody's. */
  readonly buyerId: string | null;
}

/** A word as it was said: its revision grows when the word changes. */
export interface SpokenWord extends Word {
  readonly revision: number;
  readonly at: string;
}

/** What the mapper has concluded so far. */
export interface OrderMemory {
  readonly history: OrderHistory;
  readonly buyer: OrderBuyer | null;
  /** Buyer events that have been published, with their amount in minor units of the order's currency. */
  readonly emitted: Readonly<Record<string, number | null>>;
  readonly word: SpokenWord | null;
}

export interface Erased {
  readonly buyerId: string;
  readonly at: string;
}

/** Everything that is known of one order. */
export interface StoredOrder {
  readonly orderKey: string;
  /** Null while only a refund, cancelation, return or claim of it has come. Its buyer is the newest that has not been anonymised. */
  readonly fact: OrderFact | null;
  /** Revision of the fact that its buyer block comes from. */
  readonly buyerRevision: number;
  readonly changes: readonly StoredChange[];
  readonly claim: ContactClaim | null;
  readonly memory: OrderMemory;
  /** Its buyer was erased: nothing more of it is kept than this. */
  readonly erased: Erased | null;
}

export const NO_HISTORY: OrderHistory = Object.freeze({
  accepted: false,
  fulfilledAt: null,
  cancelledAt: null,
  highestAmount: null,
});

export const NO_MEMORY: OrderMemory = Object.freeze({
  history: NO_HISTORY,
  buyer: null,
  emitted: {},
  word: null,
});

/** An order of which nothing is known yet. */
export function unknownOrder(orderKey: string): StoredOrder {
  return {
    orderKey,
    fact: null,
    buyerRevision: 0,
    changes: [],
    claim: null,
    memory: NO_MEMORY,
    erased: null,
  };
}
