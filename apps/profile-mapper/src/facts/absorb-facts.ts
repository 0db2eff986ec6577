import { fromWire, type OrderFact, type RefundFact, type WireMoney } from '@watertight/contracts';
import { showsAccepted, showsFulfilled } from '../sale/decide-sale.ts';
import type { ContactClaim, OrderHistory, StoredChange, StoredOrder } from './stored-order.ts';

/** An order after facts were added to it. */
export interface Absorbed {
  readonly order: StoredOrder;
  /**
   * A fact came that was not newer than what is stored: an earlier attempt may have died between the database and the
   * topics, so everything about the order is published once more, under the same ids.
   */
  readonly repeated: boolean;
}

/**
 * Adds what Mirakl said of an order. A stale fact never replaces a newer one, but what it shows of the order's past
 * still counts. Of an erased order nothing is kept.
 */
export function absorbOrderFact({ order, repeated }: Absorbed, fact: OrderFact): Absorbed {
  if (order.erased !== null) return { order, repeated: true };
  const history = rememberFact(order.memory.history, fact);
  const memory = { ...order.memory, history };
  const known = order.fact;
  if (known !== null && fact.revision <= known.revision) {
    return { order: { ...order, ...lateBuyer(order, known, fact), memory }, repeated: true };
  }
  // What an anonymised order says of its buyer is blank, and blanks never replace what is known.
  const keepBuyer = fact.anonymisedAt !== null && known !== null && order.buyerRevision > 0;
  const buyerRevision = fact.anonymisedAt === null ? fact.revision : order.buyerRevision;
  return {
    order: { ...order, fact: keepBuyer ? withKnownPerson(fact, known) : fact, buyerRevision, memory },
    repeated,
  };
}

/** Adds a refund, cancelation or return; it may come before its order. One of an erased order is not kept, but gets its word. */
export function absorbRefundFact({ order, repeated: before }: Absorbed, fact: RefundFact): Absorbed {
  const repeated = before || order.erased !== null;
  const known = order.changes.find((change) => change.fact.factId === fact.factId);
  if (known === undefined) {
    const change: StoredChange = { fact, firstObservedAt: fact.observedAt };
    return { order: { ...order, changes: [...order.changes, change] }, repeated };
  }
  const stale = fact.revision <= known.fact.revision;
  const merged: StoredChange = {
    fact: stale ? known.fact : fact,
    firstObservedAt: earlier(known.firstObservedAt, fact.observedAt),
  };
  const changes = order.changes.map((change) => (change === known ? merged : change));
  return { order: { ...order, changes }, repeated: repeated || stale };
}

/** Adds an address that a person supplied. The newest claim holds. */
export function absorbClaim({ order, repeated }: Absorbed, claim: ContactClaim): Absorbed {
  if (order.erased !== null) return { order, repeated: true };
  const known = order.claim;
  if (known?.commandId === claim.commandId) return { order, repeated: true };
  const newer = known === null || Date.parse(claim.requestedAt) >= Date.parse(known.requestedAt);
  return { order: newer ? { ...order, claim } : order, repeated };
}

/** An anonymised order with what was known of its buyer, and with the operator's fields where they were emptied. */
function withKnownPerson(fact: OrderFact, known: OrderFact): OrderFact {
  const lines = new Map(known.lines.map((line) => [line.lineId, line.additionalFields]));
  const kept = <T>(next: T[], before: T[] | undefined): T[] => (next.length > 0 ? next : (before ?? []));
  return {
    ...fact,
    buyer: known.buyer,
    additionalFields: kept(fact.additionalFields, known.additionalFields),
    lines: fact.lines.map((line) => ({
      ...line,
      additionalFields: kept(line.additionalFields, lines.get(line.lineId)),
    })),
  };
}

function lateBuyer(
  order: StoredOrder,
  known: OrderFact,
  fact: OrderFact,
): Partial<Pick<StoredOrder, 'fact' | 'buyerRevision'>> {
  if (fact.anonymisedAt !== null || fact.revision <= order.buyerRevision) return {};
  return { fact: { ...known, buyer: fact.buyer }, buyerRevision: fact.revision };
}

function rememberFact(history: OrderHistory, fact: OrderFact): OrderHistory {
  return {
    accepted: history.accepted || showsAccepted(fact),
    fulfilledAt: showsFulfilled(fact) ? earliest(history.fulfilledAt, fact.updatedAt) : history.fulfilledAt,
    cancelledAt:
      fact.state === 'CANCELED' || fact.state === 'REFUSED'
        ? earliest(history.cancelledAt, fact.updatedAt)
        : history.cancelledAt,
    highestAmount: higher(history.highestAmount, fact.amountOrdered ?? fact.amount),
  };
}

/** The higher of two amounts of one currency; when the currency has changed, the newer amount. */
function higher(known: WireMoney | null, next: WireMoney | null): WireMoney | null {
  if (known === null || next === null) return known ?? next;
  if (known.currency !== next.currency) return next;
  return fromWire(next).minor > fromWire(known).minor ? next : known;
}

function earliest(known: string | null, next: string): string {
  return known === null ? next : earlier(known, next);
}

/** Timestamps may or may not carry milliseconds, so they are never compared as text. */
function earlier(one: string, other: string): string {
  return Date.parse(other) < Date.parse(one) ? other : one;
}
