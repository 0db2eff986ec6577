import type { FactOutcome, OrderFact, Outcome, RefundFact } from '@watertight/contracts';
import type { SourceStatement } from '../reconcile/source-state.ts';
import type { Statement } from './fold-outcome.ts';
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
}

/** Pure. Repeats inside the batch are dropped where rows would meet; of a refund the highest revision stays. */
export function stageBatch(messages: readonly LedgerMessage[]): StagedBatch {
  const byOrder = new Map<string, Statement[]>();
  const bySource = new Map<string, SourceStatement[]>();
  const refunds = new Map<string, RefundFact>();
  const timeline = new Map<string, TimelineEntry>();
  const unplaced = new Map<string, FactOutcome>();

  const tell = (told: TimelineEntry) => {
    const entry = { ...told, orderKey: storable(told.orderKey) };
    const key = `${entry.orderKey}\n${entry.entryId}`;
    const known = timeline.get(key);
    if (known === undefined || entry.at < known.at) timeline.set(key, entry);
  };
  const state = (spokenOf: string, statement: Statement) => {
    const orderKey = storable(spokenOf);
    byOrder.set(orderKey, [...(byOrder.get(orderKey) ?? []), statement]);
  };
  const stageOutcome = (outcome: Outcome) => {
    switch (outcome.kind) {
      case 'fact':
        if (outcome.orderKey === null) {
          unplaced.set(outcome.outcomeId, outcome);
          return;
        }
        tell(entryOfOutcome(outcome.orderKey, outcome));
        state(outcome.orderKey, { kind: 'fact', outcome });
        return;
      case 'sighting':
        tell(entryOfSighting(outcome));
        state(outcome.orderKey, { kind: 'sighting', sighting: outcome });
        return;
      case 'count_audit':
      case 'poll_completed':
      case 'poll_failed':
        bySource.set(outcome.marketplaceId, [...(bySource.get(outcome.marketplaceId) ?? []), outcome]);
        return;
      // Nobody says the other kinds yet.
      default:
    }
  };

  for (const message of messages) {
    if (message.kind === 'order') {
      tell(entryOfOrder(message.fact));
      state(message.fact.orderKey, { kind: 'order', fact: message.fact });
    } else if (message.kind === 'refund') {
      tell(entryOfRefund(message.fact));
      const known = refunds.get(message.fact.factId);
      if (known === undefined || known.revision < message.fact.revision) {
        refunds.set(message.fact.factId, message.fact);
      }
    } else {
      stageOutcome(message.outcome);
    }
  }
  return {
    byOrder,
    bySource,
    refunds: [...refunds.values()],
    timeline: [...timeline.values()],
    unplaced: [...unplaced.values()],
  };
}

/** The key as PostgreSQL can hold it: it takes neither U+0000 nor half a surrogate pair, and a row must be found again. */
function storable(orderKey: string): string {
  return orderKey.toWellFormed().replaceAll('\0', '\ufffd');
}
