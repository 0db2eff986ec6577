import type { Bucket, ContactClass, Money, Stage } from '@watertight/contracts';
import { type Said, type Word, wordKey } from './said.ts';

/** Where an order is now, decided from everything that was said of it. */
export interface Place {
  /** An order fact was folded, or Mirakl sent the order and it could not be read. */
  readonly captured: boolean;
  /** Null only while the order is not captured. */
  readonly bucket: Bucket | null;
  /** Why it is not verified; null when it is, or while it is not captured. */
  readonly reason: string | null;
  /** When the word that decided the bucket was said; the order's age in the bucket counts from here. */
  readonly since: string | null;
  /** When the buyer ordered; for an unreadable order without a date, when it was first seen. Null: not known yet. */
  readonly createdAt: string | null;
  /** What the ledger says the order is worth; null is unknown. */
  readonly amount: Money | null;
  /** Mirakl has spoken of this order itself, so it counts on Mirakl's side of the balance. */
  readonly inSource: boolean;
  /** Mirakl's latest word on the amount; null is unknown. */
  readonly sourceAmount: Money | null;
  /** Whose word decided the bucket: the step that would have to run again. Null while it is not captured. */
  readonly stage: Stage | null;
  /** Null while the mapper has not judged the contact. */
  readonly contactClass: ContactClass | null;
  readonly country: string | null;
  readonly buyerId: string | null;
}

interface Standing {
  readonly bucket: Bucket;
  readonly reason: string | null;
  readonly since: string;
  readonly stage: Stage;
}

/** Pure. Every captured order has exactly one bucket, and every bucket but `verified` has a reason. */
export function placeOrder(orderKey: string, said: Said): Place {
  const { captured, unreadable, sighted } = said;
  const standing = standingOf(orderKey, said);
  const mapper = said.words[wordKey('mapper', orderKey)];
  return {
    captured: standing !== null,
    bucket: standing?.bucket ?? null,
    reason: standing?.reason ?? null,
    since: standing?.since ?? null,
    createdAt:
      captured?.createdAt ?? sighted?.createdAt ?? unreadable?.createdAt ?? unreadable?.firstAt ?? null,
    amount: captured?.amount ?? null,
    inSource: captured !== null || unreadable !== null || sighted !== null,
    sourceAmount: sourceAmountOf(said),
    stage: standing?.stage ?? null,
    contactClass: contactClassOf(mapper),
    country: mapper?.country ?? null,
    buyerId: mapper?.buyerId ?? null,
  };
}

/** A mapper that does not say the class still says it as its reason. */
function contactClassOf(mapper: Word | undefined): ContactClass | null {
  if (mapper?.contactClass !== undefined) return mapper.contactClass;
  const named = mapper?.reason?.startsWith('contact.') === true ? mapper.reason.slice('contact.'.length) : '';
  return CONTACT_CLASSES.find((one) => one === named) ?? null;
}

const CONTACT_CLASSES: readonly ContactClass[] = [
  'direct',
  'relay',
  'placeholder',
  'malformed',
  'absent',
  'anonymised',
];

/** The newer of what was captured and what the sweep saw; said at the same instant, the captured fact holds. */
function sourceAmountOf({ captured, sighted }: Said): Money | null {
  if (captured === null) return sighted?.amount ?? null;
  return sighted !== null && sighted.at > captured.observedAt ? sighted.amount : captured.amount;
}

function standingOf(orderKey: string, said: Said): Standing | null {
  const { captured, unreadable, erasedAt } = said;
  if (captured === null && unreadable === null) return null;
  if (erasedAt !== null)
    return { bucket: 'erased', reason: 'privacy.erased', since: erasedAt, stage: 'mapper' };
  if (unreadable !== null && (captured === null || unreadable.lastAt > captured.observedAt)) {
    return { bucket: 'failed', reason: unreadable.reason, since: unreadable.firstAt, stage: 'ingest' };
  }
  const mapper = said.words[wordKey('mapper', orderKey)];
  if (mapper === undefined) {
    const since = captured?.observedAt ?? '';
    return { bucket: 'in_flight', reason: 'mapping.pending', since, stage: 'mapper' };
  }
  return standingByMapper(orderKey, mapper, Object.values(said.words));
}

function standingByMapper(orderKey: string, mapper: Word, words: readonly Word[]): Standing {
  const because = (bucket: Bucket, otherwise: string): Standing => ({
    bucket,
    reason: mapper.reason ?? otherwise,
    since: mapper.at,
    stage: 'mapper',
  });
  switch (mapper.outcome) {
    case 'uncaptured':
      return because('uncaptured_contact', 'contact.absent');
    case 'withheld':
      return because('withheld', 'policy.deliver_nothing');
    case 'not_a_sale':
      return because('not_a_sale', 'mapping.refused');
    case 'failed':
      return because('failed', 'contract.invalid_message');
    case 'mapped':
      return standingByEvents(orderKey, mapper, words);
    case 'captured':
    case 'accepted':
    case 'verified':
    case 'erased':
      return because('in_flight', 'mapping.pending');
  }
}

function standingByEvents(orderKey: string, mapper: Word, words: readonly Word[]): Standing {
  const lost = newest(words.filter((word) => isLostPart(orderKey, word, words)));
  if (lost !== undefined) return standing('failed', lost, 'contract.invalid_message');
  if (mapper.eventIds.length === 0) return standing('in_flight', mapper, 'mapping.pending');
  const wanted = new Set(mapper.eventIds);
  const ofEvents = words.filter((word) => word.stage === 'writer' && wanted.has(word.factId));
  const verified = ofEvents.filter((word) => word.outcome === 'verified');
  if (verified.length === wanted.size) {
    return {
      bucket: 'verified',
      reason: null,
      since: newest(verified)?.at ?? mapper.at,
      stage: 'writer',
    };
  }
  // A record that the writer could not even parse is known by its order only.
  const unnamed = words.filter((word) => word.stage === 'writer' && word.factId === orderKey);
  const failed = newest([...ofEvents, ...unnamed].filter((word) => word.outcome === 'failed'));
  if (failed !== undefined) return standing('failed', failed, 'klaviyo.rejected');
  const withheld = newest(ofEvents.filter((word) => word.outcome === 'withheld'));
  if (withheld !== undefined) return standing('withheld', withheld, 'policy.no_profile');
  const pending = newest(ofEvents.filter((word) => word.outcome !== 'verified'));
  if (pending === undefined) {
    return { bucket: 'in_flight', reason: 'klaviyo.pending', since: mapper.at, stage: 'writer' };
  }
  return standing(
    'in_flight',
    pending,
    pending.outcome === 'accepted' ? 'klaviyo.accepted' : 'klaviyo.pending',
  );
}

/**
 * A refund, cancelation or return of the order that a stage before the writer refused: the events that did arrive
 * do not tell the whole story. The mapper's own word on it, said later, heals what ingest could not read.
 */
function isLostPart(orderKey: string, word: Word, words: readonly Word[]): boolean {
  if (word.stage === 'writer' || word.factId === orderKey || word.outcome !== 'failed') return false;
  if (word.stage === 'mapper') return true;
  return !words.some(
    (other) => other.stage === 'mapper' && other.factId === word.factId && other.at > word.at,
  );
}

function standing(bucket: Bucket, word: Word, otherwise: string): Standing {
  return { bucket, reason: word.reason ?? otherwise, since: word.at, stage: word.stage };
}

function newest(words: readonly Word[]): Word | undefined {
  const rank = (word: Word) => [word.at, word.factId, word.stage].join('|');
  return words.reduce<Word | undefined>(
    (best, word) => (best === undefined || rank(word) > rank(best) ? word : best),
    undefined,
  );
}
