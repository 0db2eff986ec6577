import { addMoney, fromWire, type OrderLineFact, toWire, type WireMoney } from '@watertight/contracts';
import { PermanentError } from '@watertight/service';
import type { OrderContent, ReadableOrder, RefundContent } from '../../capture/normalised-order.ts';
import { readObject, readQuantity, readText, readTimestamp } from '../lenient-readers.ts';
import { readAdditionalFields } from './additional-fields.ts';
import { readBuyer } from './buyer.ts';
import { normaliseChanges } from './normalise-changes.ts';
import { OrderAmounts, type TaxMode } from './order-amounts.ts';
import { lineIdOf, linesOf } from './order-lines.ts';
import { isSellerOrder, type SellerOrderLine, whyNotSellerOrder } from './order-schema.ts';
import { findUnknown } from './find-unknown.ts';
import { readImageUrl } from './product-image.ts';

/** What the policy of the marketplace says about reading its orders. */
export interface NormaliseContext {
  /** Holds where the order does not name its own. */
  readonly orderTaxMode: TaxMode;
  /** The only fields an address is read from, best first. */
  readonly emailFrom: readonly string[];
  /** Relative picture addresses are made absolute against its host. */
  readonly baseUrl: string;
  /** When Mirakl gave the answer: nothing in it can have been completed later. */
  readonly readAt: Date;
}

/**
 * An order of OR11 as facts. Lenient where Mirakl may leave out, send null or something new; strict on what identity
 * and money need. Throws PermanentError `source.unparseable`, whose message names the field and never its value.
 */
export function normaliseOrder(raw: unknown, context: NormaliseContext): ReadableOrder {
  if (!isSellerOrder(raw)) throw new PermanentError('source.unparseable', whyNotSellerOrder(raw));
  const createdAt = readTimestamp(raw.created_date);
  if (createdAt === null)
    throw new PermanentError('source.unparseable', 'created_date is not a point in time');
  const taxMode = readTaxMode(raw.order_tax_mode, context.orderTaxMode);
  const amounts = new OrderAmounts(raw.currency_iso_code, taxMode);
  const updatedAt = readTimestamp(raw.last_updated_date) ?? createdAt;
  const refunds = normaliseChanges(raw, amounts, { updatedAt, readAt: context.readAt });
  const amount = amounts.orderAmount(raw);
  const order: OrderContent = {
    orderId: String(raw.order_id),
    commercialId: readText(raw.commercial_id, 300),
    // An order without a state is not dropped: the mapper keeps it aside as an unknown state.
    state: readText(raw.order_state, 100) ?? 'UNKNOWN',
    stateReason: readText(raw.order_state_reason_code, 200),
    createdAt,
    updatedAt,
    acceptedAt: readTimestamp(raw.acceptance_decision_date),
    // The seller API does not say when a buyer was anonymised.
    anonymisedAt: null,
    currency: raw.currency_iso_code,
    taxMode,
    amount,
    ...amountOrdered(amount, refunds),
    amountWithoutTax: amounts.orderAmountWithoutTax(raw),
    channel: readChannel(raw.channel),
    paymentType: readText(raw.payment_type, 200),
    buyer: readBuyer(raw, context.emailFrom),
    lines: linesOf(raw).map((line, index) => {
      const normalised = normaliseLine(line, index, amounts, context.baseUrl);
      return { ...normalised, ...quantityOrdered(normalised, refunds) };
    }),
    additionalFields: readAdditionalFields(raw.order_additional_fields),
  };
  return {
    kind: 'readable',
    order,
    refunds,
    unknown: findUnknown(raw),
  };
}

/**
 * Cancelations have lowered the order's totals by the time we see them; what was placed is the sum of both. Said with
 * the order, because the cancelations travel on another topic and may arrive later.
 */
function amountOrdered(
  amount: WireMoney,
  changes: readonly RefundContent[],
): Pick<OrderContent, 'amountOrdered'> {
  const cancelled = changes
    .filter(({ kind }) => kind === 'cancelation')
    .flatMap((change) => change.amount ?? []);
  if (cancelled.length === 0) return {};
  return { amountOrdered: toWire(addMoney(fromWire(amount), ...cancelled.map(fromWire))) };
}

function quantityOrdered(
  line: OrderLineFact,
  changes: readonly RefundContent[],
): Pick<OrderLineFact, 'quantityOrdered'> {
  const cancelled = changes.filter(({ kind, lineId }) => kind === 'cancelation' && lineId === line.lineId);
  if (cancelled.length === 0) return {};
  return { quantityOrdered: cancelled.reduce((sum, { quantity }) => sum + (quantity ?? 0), line.quantity) };
}

function normaliseLine(
  line: SellerOrderLine,
  index: number,
  amounts: OrderAmounts,
  baseUrl: string,
): OrderLineFact {
  return {
    lineId: lineIdOf(line, index),
    state: readText(line.order_line_state, 100) ?? 'UNKNOWN',
    sku: readText(line.offer_sku),
    productSku: readText(line.product_sku),
    title: readText(line.product_title),
    categoryCode: readText(line.category_code),
    categoryLabel: readText(line.category_label),
    quantity: readQuantity(line.quantity) ?? 0,
    unitPrice: amounts.unitPrice(line),
    amount: amounts.lineAmount(line, `order_lines[${index}]`),
    imageUrl: readImageUrl(line.product_medias, baseUrl),
    shippedAt: readTimestamp(line.shipped_date),
    receivedAt: readTimestamp(line.received_date),
    additionalFields: readAdditionalFields(line.order_line_additional_fields),
  };
}

function readTaxMode(value: unknown, configured: TaxMode): TaxMode {
  const text = readText(value);
  if (text === null) return configured;
  if (text === 'TAX_INCLUDED' || text === 'TAX_EXCLUDED') return text;
  // What its amounts mean is not known, and guessing would be a wrong sum.
  throw new PermanentError('source.unparseable', 'order_tax_mode is neither TAX_INCLUDED nor TAX_EXCLUDED');
}

function readChannel(value: unknown): OrderContent['channel'] {
  const channel = readObject(value);
  const code = readText(channel['code']);
  return code === null ? null : { code, label: readText(channel['label']) };
}
