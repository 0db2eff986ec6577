import type { ContactClass, Money, OutcomeName, Stage } from '@watertight/contracts';

/** A stage's word on a fact, as the ledger keeps it: enough to decide the bucket, the story is in the timeline. */
export interface Word {
  readonly stage: Stage;
  readonly factId: string;
  readonly revision: number;
  /** ISO 8601 in UTC with milliseconds, so that texts compare as instants. */
  readonly at: string;
  readonly outcome: OutcomeName;
  readonly reason: string | null;
  /** Of the mapper's `mapped`: the buyer events that must be verified before the order is. */
  readonly eventIds: readonly string[];
  /** Of the mapper's word on the order: how its buyer can be reached. */
  readonly contactClass?: ContactClass;
  readonly country?: string;
  readonly buyerId?: string;
}

/** What Mirakl said of the order when it could be read. */
export interface CapturedOrder {
  readonly revision: number;
  readonly observedAt: string;
  readonly contentHash: string;
  readonly commercialId: string | null;
  readonly state: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly channel: string | null;
  /** Null when Mirakl gave no readable amount: unknown, which is not zero. */
  readonly amount: Money | null;
  readonly amountWithoutTax: Money | null;
  /** What was ordered, for the search; the first fifty of an order. */
  readonly skus: readonly string[];
}

/** Mirakl sent the order, but it could not be read. */
export interface UnreadableOrder {
  readonly firstAt: string;
  readonly lastAt: string;
  readonly reason: string;
  /** When the buyer ordered, where that could be read. */
  readonly createdAt: string | null;
}

/** The sweep saw the order by its creation date. */
export interface SightedOrder {
  readonly at: string;
  readonly createdAt: string;
  readonly amount: Money | null;
  readonly contentHash: string;
}

/**
 * Everything the ledger needs to remember of what was said about one order. Each part holds the winner of a total
 * order over all that was said of its kind; so what arrives in another order, or twice, makes the same whole.
 */
export interface Said {
  readonly captured: CapturedOrder | null;
  readonly unreadable: UnreadableOrder | null;
  readonly sighted: SightedOrder | null;
  readonly erasedAt: string | null;
  /** By `<stage>|<factId>`. */
  readonly words: Readonly<Record<string, Word>>;
}

export const NOTHING_SAID: Said = Object.freeze({
  captured: null,
  unreadable: null,
  sighted: null,
  erasedAt: null,
  words: Object.freeze({}),
});

export function wordKey(stage: Stage, factId: string): string {
  return `${stage}|${factId}`;
}
