import { PermanentError } from '@watertight/service';
import { problemOf } from '../../capture/check-content.ts';
import type { ReadableOrder, SourceOrder, UnreadableOrder } from '../../capture/normalised-order.ts';
import { readObject, readText, readTimestamp } from '../lenient-readers.ts';
import { type NormaliseContext, normaliseOrder } from './normalise-order.ts';

/**
 * One order of an answer: as facts, or, where it cannot be read, as its bytes with whatever says which order it is.
 * Never throws for what Mirakl sent.
 */
export function readSourceOrder(raw: unknown, bytes: () => Buffer, context: NormaliseContext): SourceOrder {
  return readOrder(raw, bytes, {
    idField: 'order_id',
    createdField: 'created_date',
    normalise: (order) => normaliseOrder(order, context),
  });
}

/** How the orders of one API are read. */
export interface OrderReading {
  readonly idField: string;
  readonly createdField: string;
  /** Throws PermanentError for an order that cannot be read. */
  readonly normalise: (raw: unknown) => ReadableOrder;
}

export function readOrder(raw: unknown, bytes: () => Buffer, reading: OrderReading): SourceOrder {
  try {
    const order = reading.normalise(raw);
    const problem = problemOf(order);
    return problem === undefined
      ? order
      : unreadable(raw, bytes(), reading, { reason: problem.reason, detail: problem.detail });
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return unreadable(raw, bytes(), reading, { reason: 'source.unparseable', detail: error.message });
  }
}

function unreadable(
  raw: unknown,
  bytes: Buffer,
  { idField, createdField }: OrderReading,
  { reason, detail }: Pick<UnreadableOrder, 'reason' | 'detail'>,
): UnreadableOrder {
  const fields = readObject(raw);
  const orderId = readText(fields[idField]);
  const isId = orderId !== null && orderId.length <= 300 && !/[\x00-\x1f\x7f]/.test(orderId);
  return {
    kind: 'unreadable',
    reason,
    detail,
    orderId: isId ? orderId : null,
    createdAt: readTimestamp(fields[createdField]),
    bytes,
  };
}
