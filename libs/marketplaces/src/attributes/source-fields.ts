import type { OrderFact, OrderLineFact } from '@watertight/contracts';

/** What stands in a field of an order: a text, a number, several texts, or nothing. */
export type SourceValue = string | number | readonly string[] | null;

/**
 * Fields of an order that a mapping may name as `order.<name>`. What says who the buyer is (name, address, phone, email)
 * is not among them: it is in the profile already.
 */
const orderFields: Readonly<Record<string, (order: OrderFact) => SourceValue>> = {
  state: (order) => order.state,
  state_reason: (order) => order.stateReason,
  currency: (order) => order.currency,
  tax_mode: (order) => order.taxMode,
  payment_type: (order) => order.paymentType,
  channel_code: (order) => order.channel?.code ?? null,
  channel_label: (order) => order.channel?.label ?? null,
  commercial_id: (order) => order.commercialId,
  created_at: (order) => order.createdAt,
  accepted_at: (order) => order.acceptedAt,
  country_code: (order) => order.buyer.countryCode,
  country: (order) => order.buyer.country,
  region: (order) => order.buyer.region,
  locale: (order) => order.buyer.locale,
};

/** Fields of an order line that a mapping may name as `line.<name>`. */
const lineFields: Readonly<Record<string, (line: OrderLineFact) => SourceValue>> = {
  state: (line) => line.state,
  sku: (line) => line.sku,
  product_sku: (line) => line.productSku,
  title: (line) => line.title,
  category_code: (line) => line.categoryCode,
  category_label: (line) => line.categoryLabel,
  quantity: (line) => line.quantity,
  unit_price: (line) => line.unitPrice?.amount ?? null,
  amount: (line) => line.amount?.amount ?? null,
  image_url: (line) => line.imageUrl,
  shipped_at: (line) => line.shippedAt,
  received_at: (line) => line.receivedAt,
};

const ADDITIONAL = 'additional:';
const LINE_ADDITIONAL = 'line.additional:';

/** Undefined for a field that can be read, else what is wrong with its name, in words. */
export function problemOfField(from: string): string | undefined {
  if (from.startsWith(ADDITIONAL) || from.startsWith(LINE_ADDITIONAL)) return undefined;
  const [kind, name = ''] = from.split('.', 2);
  const known = Object.keys(kind === 'line' ? lineFields : orderFields);
  if (known.includes(name)) return undefined;
  return `${from} is no field; ${kind}.… can be ${known.join(', ')}`;
}

/** True when the field is one of order lines, so that an order has as many values as it has lines. */
export function isLineField(from: string): boolean {
  return from.startsWith('line.');
}

/** What stands in a field of an order; null for what is absent, empty or no field. */
export function readOrderField(order: OrderFact, from: string): SourceValue {
  if (from.startsWith(ADDITIONAL)) return additional(order.additionalFields, from.slice(ADDITIONAL.length));
  return filled(orderFields[from.slice('order.'.length)]?.(order) ?? null);
}

/** As readOrderField, of a line. */
export function readLineField(line: OrderLineFact, from: string): SourceValue {
  if (from.startsWith(LINE_ADDITIONAL)) {
    return additional(line.additionalFields, from.slice(LINE_ADDITIONAL.length));
  }
  return filled(lineFields[from.slice('line.'.length)]?.(line) ?? null);
}

function additional(fields: OrderFact['additionalFields'], code: string): SourceValue {
  return filled(fields.find((field) => field.code === code)?.value ?? null);
}

/** Free of what PostgreSQL and JSON readers stumble over; null where nothing is left. */
function filled(value: SourceValue): SourceValue {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string') {
    const text = clean(value);
    return text === '' ? null : text;
  }
  const texts = value.map(clean).filter((text) => text !== '');
  return texts.length === 0 ? null : texts;
}

function clean(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed().trim();
}
