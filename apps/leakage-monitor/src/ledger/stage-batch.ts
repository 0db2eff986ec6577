import type { FactOutcome, OrderFact, Outcome, RefundFact } from '@watertight/contracts';
import type { SourceStatement } from '../reconcile/source-state.ts';
import type { Statement } from './fold-outcome.ts';
import { type StageWord, subjectOf } from './stage-word.ts';
import {
  entryOfOrder,
  entryOfOutcome,
  entryOfRefund,
  entryOfSighting,
  type TimelineEntry,
} from './timeline.ts';

/** A message of one of the topics that the ledger is folded from. */
export type LedgerMessage =
  | { readonly kind: 'order'; readonly fact: OrderFact }
  | { readonly kind: 'refund'; readonly fact: RefundFact }
  | { readonly kind: 'outcome'; readonly outcome: Outcome };

/** One batch of one partition. */
export interface LedgerBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the last message. */
  readonly nextOffset: string;
  readonly messages: readonly LedgerMessage[];
}

/** The messages of a batch, sorted by what they are about. */
export interface StagedBatch {
  readonly byOrder: ReadonlyMap<string, readonly Statement[]>;
  readonly bySource: ReadonlyMap<string, readonly SourceStatement[]>;
  readonly refunds: readonly RefundFact[];
  readonly timeline: readonly TimelineEntry[];
  /** Outcomes that name no order. */
  readonly unplaced: readonly FactOutcome[];
  /** Of one kind and subject the newest. */
  readonly words: readonly StageWord[];
  /** Words that the sweep found what the fast loop had passed over. */
  readonly missed: readonly FactOutcome[];
  /** Of each order the fact with the highest revision: its buyer's address is kept from it. */
  readonly newestFacts: readonly OrderFact[];
}

/** Pure. Repeats inside the batch are dropped where rows would meet; of a refund the highest revision stays. */
export function stageBatch(messages: readonly LedgerMessage[]): StagedBatch {
  const sorter = new BatchSorter();
  for (const message of messages) sorter.take(message);
  return sorter.staged();
}

class BatchSorter {
  readonly #byOrder = new Map<string, Statement[]>();
  readonly #bySource = new Map<string, SourceStatement[]>();
  readonly #refunds = new Map<string, RefundFact>();
  readonly #timeline = new Map<string, TimelineEntry>();
  readonly #unplaced = new Map<string, FactOutcome>();
  readonly #words = new Map<string, StageWord>();
  readonly #missed = new Map<string, FactOutcome>();
  readonly #newestFacts = new Map<string, OrderFact>();

  take(message: LedgerMessage): void {
    switch (message.kind) {
      case 'order':
        return this.#takeOrder(message.fact);
      case 'refund':
        return this.#takeRefund(message.fact);
      case 'outcome':
        return this.#takeOutcome(message.outcome);
    }
  }

  staged(): StagedBatch {
    return {
      byOrder: this.#byOrder,
      bySource: this.#bySource,
      refunds: [...this.#refunds.values()],
      timeline: [...this.#timeline.values()],
      unplaced: [...this.#unplaced.values()],
      words: [...this.#words.values()],
      missed: [...this.#missed.values()],
      newestFacts: [...this.#newestFacts.values()],
    };
  }

  #takeOrder(fact: OrderFact): void {
    this.#tell(entryOfOrder(fact));
    this.#state(fact.orderKey, { kind: 'order', fact });
    const orderKey = storable(fact.orderKey);
    const known = this.#newestFacts.get(orderKey);
    if (known === undefined || isNewer(fact, known)) this.#newestFacts.set(orderKey, { ...fact, orderKey });
  }

  #takeRefund(fact: RefundFact): void {
    this.#tell(entryOfRefund(fact));
    const known = this.#refunds.get(fact.factId);
    if (known === undefined || known.revision < fact.revision) this.#refunds.set(fact.factId, fact);
  }

  #takeOutcome(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'fact':
        if (outcome.orderKey === null) {
          this.#unplaced.set(outcome.outcomeId, outcome);
          return;
        }
        this.#tell(entryOfOutcome(outcome.orderKey, outcome));
        this.#state(outcome.orderKey, { kind: 'fact', outcome });
        if (outcome.reason === 'source.missed_by_poll') {
          this.#missed.set(outcome.orderKey, { ...outcome, orderKey: storable(outcome.orderKey) });
        }
        return;
      case 'sighting':
        this.#tell(entryOfSighting(outcome));
        this.#state(outcome.orderKey, { kind: 'sighting', sighting: outcome });
        return;
      case 'count_audit':
      case 'poll_completed':
      case 'poll_failed':
        add(this.#bySource, outcome.marketplaceId, outcome);
        return;
      default:
        this.#keep(outcome);
    }
  }

  #keep(word: StageWord): void {
    const key = `${word.kind}\n${subjectOf(word)}`;
    const known = this.#words.get(key);
    if (known === undefined || Date.parse(word.at) >= Date.parse(known.at)) this.#words.set(key, word);
  }

  #tell(told: TimelineEntry): void {
    const entry = { ...told, orderKey: storable(told.orderKey) };
    const key = `${entry.orderKey}\n${entry.entryId}`;
    const known = this.#timeline.get(key);
    if (known === undefined || entry.at < known.at) this.#timeline.set(key, entry);
  }

  #state(orderKey: string, statement: Statement): void {
    add(this.#byOrder, storable(orderKey), statement);
  }
}

function add<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}

function isNewer(fact: OrderFact, known: OrderFact): boolean {
  if (fact.revision !== known.revision) return fact.revision > known.revision;
  return Date.parse(fact.observedAt) >= Date.parse(known.observedAt);
}

/** The key as PostgreSQL can hold it: it takes neither U+0000 nor half a surrogate pair, and a row must be found again. */
export function storable(orderKey: string): string {
  return orderKey.toWellFormed().replaceAll('\0', '\ufffd');
}
