import { addMoney, fromWire, type OrderLineFact, toWire } from '@watertight/contracts';
import { PermanentError } from '@watertight/service';
import type { OrderContent, ReadableOrder, RefundContent } from '../../capture/normalised-order.ts';
import { type UnknownValue, unknownCode } from '../../unknown/unknown-value.ts';
import { CONNECT_STATUS_REASONS, CONNECT_STATUSES } from '../known-values.ts';
import { readList, readObject, readQuantity, readText, readTimestamp } from '../lenient-readers.ts';
import { readAdditionalFields } from '../seller/additional-fields.ts';
import { ConnectAmounts } from './connect-amounts.ts';
import {
  type ConnectAdjustment,
  type ConnectLine,
  type ConnectOrder,
  isConnectOrder,
  whyNotConnectOrder,
} from './connect-schema.ts';

export interface ConnectContext {
  /** The only fields an address is read from, best first; named as for the seller API. */
  readonly emailFrom: readonly string[];
}

/** Connect's statuses in the words of the seller API, so that the stages behind know one list. */
const STATES: Readonly<Record<string, string>> = {
  AWAITING_FRAUD_CHECK: 'STAGING',
  AWAITING_ACCEPTANCE: 'WAITING_ACCEPTANCE',
  AWAITING_PAYMENT: 'WAITING_DEBIT',
  AWAITING_SHIPMENT: 'SHIPPING',
  DELIVERED: 'RECEIVED',
};

/** Why an order that is closed never became one. */
const REFUSALS: readonly string[] = [
  'REFUSED',
  'ACCEPTANCE_TIMEOUT',
  'FRAUD_CHECK_FAILED',
  'FRAUD_CHECK_TIMEOUT',
  'REFUSED_PAYMENT',
  'PAYMENT_TIMEOUT',
];

/**
 * An order of Mirakl Connect as facts: the same as the seller API gives. Its id is Connect's, because the channel's is
 * not unique. Throws PermanentError `source.unparseable`, whose message names the field and never its value.
 */
export function normaliseConnectOrder(raw: unknown, context: ConnectContext): ReadableOrder {
  if (!isConnectOrder(raw)) throw new PermanentError('source.unparseable', whyNotConnectOrder(raw));
  const createdAt = readTimestamp(raw.created_at);
  if (createdAt === null) throw new PermanentError('source.unparseable', 'created_at is not a point in time');
  const updatedAt = readTimestamp(raw.updated_at) ?? createdAt;
  const amounts = new ConnectAmounts(raw);
  const changes = raw.order_lines.flatMap((line, index) =>
    (line.adjustments ?? []).map((adjustment) => ({
      lineId: lineIdOf(line, index),
      ...normaliseAdjustment(adjustment, line, amounts, updatedAt),
    })),
  );
  const amount = amounts.orderAmount();
  const order: OrderContent = {
    orderId: raw.id,
    commercialId: null,
    state: stateOf(raw),
    stateReason: readText(raw.status_reason, 200),
    createdAt,
    updatedAt,
    // Connect does not say when an order was accepted.
    acceptedAt: null,
    anonymisedAt: readTimestamp(raw.anonymized_at),
    currency: amounts.currency,
    taxMode: 'TAX_EXCLUDED',
    amount,
    ...amountOrdered(amount, changes),
    amountWithoutTax: amounts.orderAmountWithoutTax(),
    channel: readChannel(raw),
    paymentType: null,
    buyer: readConnectBuyer(raw, context.emailFrom),
    lines: raw.order_lines.map((line, index) => normaliseLine(line, index, amounts, changes)),
    additionalFields: orderFields(raw),
  };
  return { kind: 'readable', order, refunds: changes, unknown: findUnknown(raw) };
}

function stateOf({
  status,
  status_reason,
}: Pick<ConnectOrder | ConnectLine, 'status' | 'status_reason'>): string {
  const text = readText(status, 100) ?? 'UNKNOWN';
  const reason = readText(status_reason, 100) ?? '';
  if (text !== 'CLOSED') return STATES[text] ?? text;
  if (REFUSALS.includes(reason)) return 'REFUSED';
  return reason === 'CANCELED' ? 'CANCELED' : 'CLOSED';
}

function normaliseLine(
  line: ConnectLine,
  index: number,
  amounts: ConnectAmounts,
  changes: readonly RefundContent[],
): OrderLineFact {
  const lineId = lineIdOf(line, index);
  const quantity = readQuantity(line.quantity) ?? 0;
  const product = readObject(line.product);
  const cancelled = changes.filter((change) => change.kind === 'cancelation' && change.lineId === lineId);
  const units = cancelled.reduce((sum, change) => sum + (change.quantity ?? 0), quantity);
  return {
    lineId,
    state: readText(line.status_reason) === 'REFUNDED' ? 'REFUNDED' : stateOf(line),
    sku: readText(product['id']),
    productSku: null,
    title: readText(product['title']),
    categoryCode: null,
    categoryLabel: null,
    quantity,
    ...(cancelled.length === 0 ? {} : { quantityOrdered: units }),
    unitPrice: amounts.unitPrice(line, quantity),
    amount: amounts.lineAmount(line),
    imageUrl: null,
    shippedAt: null,
    receivedAt: null,
    additionalFields: customAttributes(line.custom_attributes),
  };
}

/**
 * Adjustments have no state: what is listed has been decided, and nothing says later that it was paid. So it is taken
 * as final when it appears.
 */
function normaliseAdjustment(
  adjustment: ConnectAdjustment,
  line: ConnectLine,
  amounts: ConnectAmounts,
  updatedAt: string,
): Omit<RefundContent, 'lineId'> {
  const id = readText(adjustment.adjustment_id, 300) ?? readText(adjustment.id, 300);
  if (id === null) throw new PermanentError('source.unparseable', 'an adjustment has no id');
  const { type } = adjustment;
  // A kind that is not known would be money in an unknown direction.
  if (type !== 'REFUND' && type !== 'CANCELATION')
    throw new PermanentError('source.unparseable', 'an adjustment is neither a REFUND nor a CANCELATION');
  return {
    kind: type === 'REFUND' ? 'refund' : 'cancelation',
    id,
    state: null,
    final: true,
    amount: amounts.adjustmentAmount(adjustment, line),
    quantity: readQuantity(adjustment.quantity),
    reasonCode: readText(adjustment.reason, 300),
    createdAt: readTimestamp(adjustment.created_at) ?? updatedAt,
    completedAt: null,
  };
}

function amountOrdered(
  amount: NonNullable<OrderContent['amount']>,
  changes: readonly RefundContent[],
): Pick<OrderContent, 'amountOrdered'> {
  const cancelled = changes.filter(({ kind }) => kind === 'cancelation').flatMap((one) => one.amount ?? []);
  if (cancelled.length === 0) return {};
  return { amountOrdered: toWire(addMoney(fromWire(amount), ...cancelled.map(fromWire))) };
}

function readChannel({ origin }: ConnectOrder): OrderContent['channel'] {
  const from = readObject(origin);
  const code = readText(from['sub_channel_code']) ?? readText(from['channel_id']);
  const label = readText(from['sub_channel_name']) ?? readText(from['channel_name']);
  return code === null ? null : { code, label };
}

function readConnectBuyer(order: ConnectOrder, emailFrom: readonly string[]): OrderContent['buyer'] {
  const shipping = readObject(order.shipping_info);
  const billing = readObject(readObject(order.billing_info)['address']);
  const shipTo = readObject(shipping['address']);
  const address = Object.keys(shipTo).length > 0 ? shipTo : billing;
  const fields = customAttributes(order.custom_attributes);
  const contacts = emailFrom.flatMap((field) => {
    // Connect has one field for the address, be it the buyer's own or a relay.
    const email = field === 'customer_notification_email' ? readText(shipping['email'], 1_000) : null;
    const values = fields
      .filter(({ code }) => field === `additional:${code}`)
      .flatMap(({ value }) => value ?? []);
    return [...(email === null ? [] : [email]), ...values].map((value) => ({
      field,
      value: value.slice(0, 1_000),
    }));
  });
  return {
    contacts,
    firstName: readText(address['first_name'], 500),
    lastName: readText(address['last_name'], 500),
    locale: null,
    countryCode: readText(address['country_iso_code'], 10),
    country: readText(address['country'], 200),
    region: readText(address['state'], 200),
    city: readText(address['city'], 200),
    postalCode: readText(address['zip_code'], 50),
    phone: readText(address['phone'], 100) ?? readText(billing['phone'], 100),
  };
}

/** The order's number on the channel is what people know it by; it is not unique over channels. */
function orderFields(order: ConnectOrder): OrderContent['additionalFields'] {
  const channelOrderId = readText(order.channel_order_id, 300);
  const own =
    channelOrderId === null ? [] : [{ code: 'channel_order_id', type: null, value: channelOrderId }];
  return [...own, ...customAttributes(order.custom_attributes)];
}

function customAttributes(attributes: unknown): OrderContent['additionalFields'] {
  return readAdditionalFields(
    readList(attributes)
      .map(readObject)
      .map(({ id, type, value }) => ({ code: id, type, value })),
  );
}

function lineIdOf(line: ConnectLine, index: number): string {
  return readText(line.id, 300) ?? readText(line.channel_order_line_id, 300) ?? `#${index + 1}`;
}

function findUnknown(order: ConnectOrder): readonly UnknownValue[] {
  const places = [order, ...order.order_lines];
  const codes = places.flatMap((place) => [
    unknownCode('status', readText(place.status), CONNECT_STATUSES),
    unknownCode('status_reason', readText(place.status_reason), CONNECT_STATUS_REASONS),
  ]);
  return codes.filter((code) => code !== null);
}
