import type { OrderFact, RefundFact } from '@watertight/contracts';
import { DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import { type Work, workOf } from '../work.ts';
import { isStorable, problemOfOrder, problemOfRefund } from './check-fact.ts';

/** A batch as work, with the word on each message: one that cannot be worked with is a dead letter. */
export interface SortedBatch {
  readonly work: Work;
  readonly outcomes: readonly MessageOutcome[];
}

export function sortOrders({ messages }: MessageBatch<OrderFact>): SortedBatch {
  const { facts, rejected, outcomes } = sort(
    messages.map(({ value }) => value),
    problemOfOrder,
  );
  return { work: workOf({ orders: facts, rejected }, messages), outcomes };
}

export function sortRefunds({ messages }: MessageBatch<RefundFact>): SortedBatch {
  const { facts, rejected, outcomes } = sort(
    messages.map(({ value }) => value),
    problemOfRefund,
  );
  return { work: workOf({ refunds: facts, rejected }, messages), outcomes };
}

function sort<T extends { readonly orderKey: string }>(
  values: readonly T[],
  problemOf: (value: T) => string | undefined,
): {
  readonly facts: readonly T[];
  readonly rejected: ReadonlyMap<string, string>;
  readonly outcomes: readonly MessageOutcome[];
} {
  const facts: T[] = [];
  const rejected = new Map<string, string>();
  const outcomes = values.map((value): MessageOutcome => {
    const detail = problemOf(value);
    if (detail === undefined) {
      facts.push(value);
      rejected.delete(value.orderKey);
      return DONE;
    }
    // A key that cannot be stored names no order that anybody could have a word about.
    if (isStorable(value.orderKey)) rejected.set(value.orderKey, detail);
    return { kind: 'dead', reason: 'contract.invalid_message', detail };
  });
  return { facts, rejected, outcomes };
}
