import { PermanentError } from '@watertight/service';
import { problemOf } from '../../capture/check-content.ts';
import type { SourceOrder, UnreadableOrder } from '../../capture/normalised-order.ts';
import { readObject, readText, readTimestamp } from '../lenient-readers.ts';
import { type NormaliseContext, normaliseOrder } from './normalise-order.ts';

/**
 * One order of an answer: as facts, or, where it cannot be read, as its bytes with whatever says which order it is.
 * Never throws for what Mirakl sent.
 */
export function readSourceOrder(raw: unknown, bytes: () => Buffer, context: NormaliseContext): SourceOrder {
  try {
    const order = normaliseOrder(raw, context);
    const problem = problemOf(order);
    return problem === undefined ? order : unreadable(raw, bytes(), problem.reason, problem.detail);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return unreadable(raw, bytes(), 'source.unparseable', error.message);
  }
}

function unreadable(
  raw: unknown,
  bytes: Buffer,
  reason: UnreadableOrder['reason'],
  detail: string,
): UnreadableOrder {
  const fields = readObject(raw);
  const orderId = readText(fields['order_id']);
  const isId = orderId !== null && orderId.length <= 300 && !/[\x00-\x1f\x7f]/.test(orderId);
  return {
    kind: 'unreadable',
    reason,
    detail,
    orderId: isId ? orderId : null,
    createdAt: readTimestamp(fields['created_date']),
    bytes,
  };
}
