import { OrderFactSchema, RefundFactSchema } from '@watertight/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ReadableOrder } from './normalised-order.ts';

/** A fact larger than this, in bytes of JSON, would not fit into a record with its key and headers. */
export const FACT_MAX_BYTES = 900_000;

const orderContent = Compile(
  Type.Omit(OrderFactSchema, [
    'orderKey',
    'marketplaceId',
    'revision',
    'contentHash',
    'observedAt',
    'source',
    'api',
  ]),
);
const refundContent = Compile(
  Type.Omit(RefundFactSchema, ['factId', 'orderKey', 'marketplaceId', 'revision', 'observedAt']),
);

export interface ContentProblem {
  readonly reason: 'source.unparseable' | 'contract.message_too_large';
  /** By path, rule and size; no content. */
  readonly detail: string;
}

/**
 * What keeps an order from being published as it is, such as more lines than the contract takes. Found here it costs
 * one order; found when publishing it would be a bug that stops the service.
 */
export function problemOf({ order, refunds }: ReadableOrder): ContentProblem | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(order));
  if (bytes > FACT_MAX_BYTES) {
    const detail = `the order has ${bytes} bytes; ${FACT_MAX_BYTES} are allowed`;
    return { reason: 'contract.message_too_large', detail };
  }
  const [wrong] = orderContent.Check(order) ? [] : orderContent.Errors(order);
  const [wrongRefund] = refunds.flatMap((refund) =>
    refundContent.Check(refund) ? [] : refundContent.Errors(refund).slice(0, 1),
  );
  const problem = wrong ?? wrongRefund;
  return problem && { reason: 'source.unparseable', detail: `${problem.instancePath} ${problem.message}` };
}
