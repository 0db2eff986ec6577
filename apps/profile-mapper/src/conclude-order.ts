import {
  eventIds,
  factOutcome,
  type FactOutcome,
  type FactOutcomeInput,
  type RefundFact,
} from '@watertight/contracts';
import type { OrderToSave } from './facts/facts.store.ts';
import type { Absorbed } from './facts/absorb-facts.ts';
import type { EventDraft } from './events/event-draft.ts';
import type { Recognised } from './contact/choose-buyer.ts';
import { minorToRemember, type OrderMapping } from './map-order.ts';
import {
  NO_MEMORY,
  type OrderMemory,
  type RawBuyer,
  type SpokenWord,
  type StoredOrder,
  type Word,
} from './facts/stored-order.ts';

/** One order at the end of a batch: what to keep and what to publish. */
export interface ConcludedOrder {
  readonly save: OrderToSave;
  /** Buyer events to publish: the new ones, or all of them when an earlier attempt may have died before publishing. */
  readonly events: readonly EventDraft[];
  readonly outcomes: readonly FactOutcome[];
}

export interface OrderBefore {
  readonly stored: StoredOrder;
  readonly absorbed: Absorbed;
  readonly recognised: Pick<Recognised, 'contactBuyerId'>;
}

/** Puts the mapping into memory and words. Saying the same word again keeps its revision, its id and its time. */
export function concludeOrder(before: OrderBefore, mapping: OrderMapping, now: Date): ConcludedOrder {
  const { stored, absorbed } = before;
  const { order, repeated } = absorbed;
  const word = mapping.word === null ? null : speak(mapping.word, order.memory.word, now);
  const changes = order.changes.filter((change) => !stored.changes.includes(change));
  const outcomes = outcomesOf(before, word, mapping);
  if (mapping.erase !== null) {
    const erased = order.erased ?? { buyerId: mapping.erase, at: now.toISOString() };
    const bare = { fact: null, changes: [], claim: null, memory: { ...NO_MEMORY, word }, erased };
    return {
      save: { order: { ...order, ...bare }, contactBuyerId: null, changes: [] },
      events: [],
      outcomes,
    };
  }
  const isNew = ({ eventId }: EventDraft): boolean => !Object.hasOwn(order.memory.emitted, eventId);
  const memory: OrderMemory = {
    ...order.memory,
    buyer: mapping.buyer ?? order.memory.buyer,
    emitted: {
      ...order.memory.emitted,
      ...Object.fromEntries(
        mapping.events.filter(isNew).map(({ eventId, amount }) => [eventId, minorToRemember(amount)]),
      ),
    },
    word,
  };
  const kept = mapping.forgetContact ? withoutContact(order) : order;
  return {
    save: {
      order: { ...kept, memory },
      contactBuyerId: mapping.forgetContact ? null : before.recognised.contactBuyerId,
      changes,
    },
    events: repeated ? mapping.events : mapping.events.filter(isNew),
    outcomes,
  };
}

function speak(word: Word, said: SpokenWord | null, now: Date): SpokenWord {
  if (said !== null && isSame(word, said)) return said;
  return { ...word, revision: (said?.revision ?? 0) + 1, at: now.toISOString() };
}

function isSame(word: Word, said: SpokenWord): boolean {
  return (
    word.outcome === said.outcome &&
    word.reason === said.reason &&
    word.detail === said.detail &&
    word.contactClass === said.contactClass &&
    word.country === said.country &&
    word.buyerId === said.buyerId &&
    word.eventIds.join('\n') === said.eventIds.join('\n')
  );
}

/** More often than this an order's word does not change between two states of one of its refunds. */
const WORDS_PER_FACT = 1_000;

/**
 * The word on the order, and one on each refund, cancelation or return that came now, or had waited for its order, or
 * whose order is judged otherwise now, or whose word an earlier attempt may not have published.
 * Of these the revision is made of the fact's and of that of the order's word: so the later word holds.
 */
function outcomesOf(
  { stored, absorbed }: OrderBefore,
  word: SpokenWord | null,
  mapping: OrderMapping,
): FactOutcome[] {
  const { order } = absorbed;
  const arrived = stored.fact === null && order.fact !== null;
  const before = order.memory.word;
  const judged = before?.outcome !== word?.outcome || before?.reason !== word?.reason;
  const all = arrived || judged || absorbed.repeated;
  const touched = order.changes.filter((change) => all || !stored.changes.includes(change));
  const orderOutcome = word === null ? [] : [wordOutcome(order.orderKey, word)];
  return [...orderOutcome, ...touched.map(({ fact }) => changeOutcome(fact, word, mapping))];
}

function wordOutcome(orderKey: string, word: SpokenWord): FactOutcome {
  const { outcome, reason, detail, revision, at } = word;
  return factOutcome({
    stage: 'mapper',
    orderKey,
    factId: orderKey,
    outcome,
    reason,
    detail,
    at: new Date(at),
    revision,
    ...(outcome === 'mapped' ? { eventIds: word.eventIds } : {}),
    ...aboutBuyer(word),
  });
}

function aboutBuyer({
  contactClass,
  country,
  buyerId,
}: Word): Pick<FactOutcomeInput, 'contactClass' | 'country' | 'buyerId'> {
  return {
    ...(contactClass === null ? {} : { contactClass, country }),
    ...(buyerId === null ? {} : { buyerId }),
  };
}

function changeOutcome(fact: RefundFact, word: SpokenWord | null, mapping: OrderMapping): FactOutcome {
  const about = { stage: 'mapper', orderKey: fact.orderKey, factId: fact.factId } as const;
  if (word === null) {
    return factOutcome({
      ...about,
      outcome: 'captured',
      reason: 'mapping.awaiting_order',
      // The moment Mirakl said it, not now: said again, it is the same word.
      at: new Date(fact.observedAt),
      revision: WORDS_PER_FACT * fact.revision,
    });
  }
  const eventId = eventIdOfChange(fact);
  const isThere = mapping.events.some((event) => event.eventId === eventId);
  return factOutcome({
    ...about,
    outcome: word.outcome,
    reason: word.reason,
    at: new Date(fact.observedAt),
    revision: WORDS_PER_FACT * fact.revision + Math.min(word.revision, WORDS_PER_FACT - 1),
    ...(word.outcome === 'mapped' ? { eventIds: isThere ? [eventId] : [] } : {}),
  });
}

function eventIdOfChange({ kind, orderKey, id }: RefundFact): string {
  if (kind === 'refund') return eventIds.refunded(orderKey, id);
  return kind === 'return' ? eventIds.returned(orderKey, id) : eventIds.cancelled(orderKey, id);
}

const NOBODY: RawBuyer = {
  contacts: [],
  firstName: null,
  lastName: null,
  locale: null,
  countryCode: null,
  country: null,
  region: null,
  city: null,
  postalCode: null,
  phone: null,
};

/** Free fields of the operator go as well: they may hold the same address. */
function withoutContact(order: StoredOrder): StoredOrder {
  const { fact } = order;
  if (fact === null) return { ...order, claim: null };
  const lines = fact.lines.map((line) => ({ ...line, additionalFields: [] }));
  return { ...order, claim: null, fact: { ...fact, buyer: NOBODY, lines, additionalFields: [] } };
}
