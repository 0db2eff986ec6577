import {
  fromWire,
  type FactOutcome,
  type OrderFact,
  type Sighting,
  type WireMoney,
  type Money,
} from '@watertight/contracts';
import { type CapturedOrder, type Said, type SightedOrder, type Word, wordKey } from './said.ts';

/** What the fold takes in: one message that is about one order. Refunds change no bucket; they have rows of their own. */
export type Statement =
  | { readonly kind: 'order'; readonly fact: OrderFact }
  | { readonly kind: 'fact'; readonly outcome: FactOutcome }
  | { readonly kind: 'sighting'; readonly sighting: Sighting };

/**
 * Folds one statement into what was said of its order. Pure, commutative and idempotent: any permutation of the same
 * statements, with any of them repeated, gives the same result. Returns the same object when nothing changed.
 */
export function foldOutcome(said: Said, orderKey: string, statement: Statement): Said {
  switch (statement.kind) {
    case 'order':
      return foldOrder(said, statement.fact);
    case 'sighting':
      return foldSighting(said, statement.sighting);
    case 'fact':
      return foldWord(said, orderKey, statement.outcome);
  }
}

function foldOrder(said: Said, fact: OrderFact): Said {
  const captured: CapturedOrder = {
    revision: fact.revision,
    observedAt: instant(fact.observedAt),
    contentHash: fact.contentHash,
    commercialId: fact.commercialId,
    state: fact.state,
    createdAt: instant(fact.createdAt),
    updatedAt: instant(fact.updatedAt),
    channel: fact.channel?.label ?? fact.channel?.code ?? null,
    amount: moneyOrUnknown(fact.amount),
    amountWithoutTax: moneyOrUnknown(fact.amountWithoutTax),
    skus: skusOf(fact),
  };
  const rank = (one: CapturedOrder) => [one.revision, one.observedAt];
  return isLater(captured, said.captured, rank) ? { ...said, captured } : said;
}

function foldSighting(said: Said, sighting: Sighting): Said {
  const sighted: SightedOrder = {
    at: instant(sighting.at),
    createdAt: instant(sighting.createdAt),
    amount: moneyOrUnknown(sighting.amount),
    contentHash: sighting.contentHash,
  };
  return isLater(sighted, said.sighted, (one) => [one.at]) ? { ...said, sighted } : said;
}

function foldWord(said: Said, orderKey: string, outcome: FactOutcome): Said {
  const at = instant(outcome.at);
  if (outcome.outcome === 'erased') return foldErased(said, at);
  // Before the mapper there is one thing that can go wrong with an order: it cannot be read. A later good read heals
  // it, whatever the revision, so these words are ranked by time.
  const beforeMapper = outcome.stage === 'ingest' || outcome.stage === 'monitor';
  if (beforeMapper && outcome.outcome !== 'failed') return said;
  if (beforeMapper && outcome.factId === orderKey) return foldUnreadable(said, at, outcome);
  const word: Word = {
    stage: outcome.stage,
    factId: outcome.factId,
    revision: outcome.revision,
    at,
    outcome: outcome.outcome,
    reason: outcome.reason,
    eventIds: [...new Set(outcome.eventIds)].sort(),
    ...(outcome.contactClass === undefined ? {} : { contactClass: outcome.contactClass }),
    ...(typeof outcome.country === 'string' ? { country: outcome.country } : {}),
    ...(outcome.buyerId === undefined ? {} : { buyerId: outcome.buyerId }),
  };
  const key = wordKey(word.stage, word.factId);
  if (!isLater(word, said.words[key], rankOfWord)) return said;
  return { ...said, words: { ...said.words, [key]: word } };
}

const SKUS_MAX = 50;

function skusOf({ lines }: OrderFact): string[] {
  const skus = lines.flatMap(({ sku, productSku }) => [sku, productSku]).filter((sku) => sku !== null);
  return [...new Set(skus)].slice(0, SKUS_MAX);
}

/** The first time counts: an erasure is final, and repeats of it are not news. */
function foldErased(said: Said, at: string): Said {
  return said.erasedAt !== null && said.erasedAt <= at ? said : { ...said, erasedAt: at };
}

function foldUnreadable(said: Said, at: string, outcome: FactOutcome): Said {
  const known = said.unreadable;
  const reason = outcome.reason ?? 'source.unparseable';
  const createdAt = outcome.orderCreatedAt === undefined ? null : instant(outcome.orderCreatedAt);
  if (known === null) return { ...said, unreadable: { firstAt: at, lastAt: at, reason, createdAt } };
  const firstAt = at < known.firstAt ? at : known.firstAt;
  const newest = [at, reason].join() > [known.lastAt, known.reason].join();
  const earliest = [createdAt, known.createdAt].filter((one) => one !== null).sort()[0] ?? null;
  if (firstAt === known.firstAt && !newest && earliest === known.createdAt) return said;
  return {
    ...said,
    unreadable: {
      firstAt,
      lastAt: newest ? at : known.lastAt,
      reason: newest ? reason : known.reason,
      createdAt: earliest,
    },
  };
}

/** `verified` is final: an event that was read back is there, whatever a late or repeated word says. */
function rankOfWord(word: Word): readonly (number | string)[] {
  return [word.stage === 'writer' && word.outcome === 'verified' ? 1 : 0, word.revision, word.at];
}

type Rank = readonly (number | string)[];

/** A total order: by rank, and what ranks the same by its content, so that the winner never depends on arrival. */
function isLater<T>(candidate: T, known: T | null | undefined, rank: (value: T) => Rank): boolean {
  if (known === null || known === undefined) return true;
  const other = rank(known);
  for (const [index, value] of rank(candidate).entries()) {
    const against = other[index] ?? '';
    if (value !== against) return value > against;
  }
  return canonical(candidate) > canonical(known);
}

/** The same text for the same content, also after a way through a jsonb column, which reorders keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function instant(timestamp: string): string {
  return new Date(timestamp).toISOString();
}

function moneyOrUnknown(value: WireMoney | null): Money | null {
  return value === null ? null : fromWire(value);
}
