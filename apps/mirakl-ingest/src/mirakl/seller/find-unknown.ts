import { type UnknownValue, unknownCode, unknownFields } from '../../unknown/unknown-value.ts';
import {
  LINE_FIELDS,
  LINE_STATES,
  ORDER_FIELDS,
  ORDER_STATES,
  PAYMENT_WORKFLOWS,
  REFUND_FIELDS,
  REFUND_STATES,
} from '../known-values.ts';
import { readList, readObject, readText } from '../lenient-readers.ts';
import { linesOf } from './order-lines.ts';
import type { SellerOrder } from './order-schema.ts';

/**
 * What of an order is not in Mirakl's documentation as this version knows it. It changes nothing about the order; it
 * is reported so that a person can decide whether it should. Pure.
 */
export function findUnknown(order: SellerOrder): readonly UnknownValue[] {
  const lines = linesOf(order).map(readObject);
  const refunds = lines.flatMap((line) => readList(line['refunds'])).map(readObject);
  const codes = [
    unknownCode('order_state', readText(order.order_state), ORDER_STATES),
    unknownCode('payment_workflow', readText(order.payment_workflow), PAYMENT_WORKFLOWS),
    ...lines.map((line) => unknownCode('order_line_state', readText(line['order_line_state']), LINE_STATES)),
    ...refunds.map((refund) => unknownCode('refund_state', readText(refund['refund_state']), REFUND_STATES)),
  ];
  return [
    ...codes.filter((code) => code !== null),
    ...unknownFields(readObject(order), 'order', ORDER_FIELDS),
    ...lines.flatMap((line) => unknownFields(line, 'order_line', LINE_FIELDS)),
    ...refunds.flatMap((refund) => unknownFields(refund, 'refund', REFUND_FIELDS)),
  ];
}
