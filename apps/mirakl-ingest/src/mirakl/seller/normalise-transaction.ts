import { addMoney, money, parseMoney, toWire } from '@watertight/contracts';
import type { SourceTransaction } from '../../transactions/source-transaction.ts';
import { readObject, readText, readTimestamp } from '../lenient-readers.ts';

/** The lines of TL02 that say what was paid back for an order, and with which tax. */
export const REFUND_TYPES = [
  'REFUND_ORDER_AMOUNT',
  'REFUND_ORDER_AMOUNT_TAX',
  'REFUND_ORDER_SHIPPING_AMOUNT',
  'REFUND_ORDER_SHIPPING_AMOUNT_TAX',
  'REFUND_ORDER_FEE_AMOUNT',
] as const;

/**
 * A line of TL02. The sign comes from what was credited and debited, not from `amount` or the type: in Mirakl's own
 * example a refund stands with +1 credited. Null where its id, its date or its amount cannot be read.
 */
export function normaliseTransaction(raw: unknown): SourceTransaction | null {
  const line = readObject(raw);
  const entities = readObject(line['entities']);
  const id = readText(line['id'], 200);
  const type = readText(line['type'], 100);
  const currency = readText(line['currency_iso_code'], 3) ?? '';
  const createdAt = readTimestamp(line['date_created']);
  const amount = amountOf(line, currency);
  if (id === null || type === null || createdAt === null || amount === null) return null;
  return {
    id,
    type,
    orderId: readOrderId(readObject(entities['order'])['id']),
    lineId: readText(readObject(entities['order_line'])['id'], 300),
    refundId: readText(readObject(entities['refund'])['id'], 300),
    amount,
    createdAt,
    updatedAt: readTimestamp(line['last_updated']) ?? createdAt,
    paymentState: readText(line['payment_state'], 100),
  };
}

function readOrderId(value: unknown): string | null {
  const id = readText(value, 300);
  return id === null || /[\x00-\x1f\x7f]/.test(id) ? null : id;
}

function amountOf(
  line: Readonly<Record<string, unknown>>,
  currency: string,
): SourceTransaction['amount'] | null {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const credited = parseMoney(line['amount_credited'], currency);
  const debited = parseMoney(line['amount_debited'], currency);
  if (credited !== undefined || debited !== undefined) {
    const none = money(0, currency);
    return toWire(addMoney(credited ?? none, money(-(debited ?? none).minor, currency)));
  }
  const amount = parseMoney(line['amount'], currency);
  return amount === undefined ? null : toWire(amount);
}
