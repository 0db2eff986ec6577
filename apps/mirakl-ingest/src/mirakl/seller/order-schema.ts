import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What is read of an order of OR11, and how strictly. Identity and money must be there; everything else may be null,
 * absent, empty or new, so it is declared as unknown and read by the lenient readers. Fields that are not listed are
 * not read: `customer_id` among them, because it may itself be an email address.
 */
const Lenient = Type.Optional(Type.Unknown());
const Id = Type.Union([
  Type.String({ maxLength: 300, pattern: '^(?=.*\\S)[^\\x00-\\x1f\\x7f]+$' }),
  Type.Integer(),
]);
const List = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Optional(Type.Union([Type.Array(item), Type.Null(), Type.Literal('')]));

const Tax = Type.Object({
  amount: Lenient,
  amount_breakdown: Lenient,
});

const Amounts = {
  amount: Lenient,
  shipping_amount: Lenient,
  fees: List(Type.Object({ amount: Lenient })),
  taxes: List(Tax),
  shipping_taxes: List(Tax),
};

/** Of the feature "order level tax calculation" only: taxes per code and rate, without any other amount. */
const OrderTax = Type.Object({ total_amount: Lenient });
const OrderRefund = Type.Object({ order_refund_id: Lenient, taxes: List(OrderTax) });

const Refund = Type.Object({
  id: Id,
  /** Groups refunds that were made together, across lines. */
  order_refund_id: Lenient,
  ...Amounts,
  quantity: Lenient,
  reason_code: Lenient,
  created_date: Lenient,
  refund_state: Lenient,
  /** Deprecated and frozen; old payloads have only this one. */
  state: Lenient,
  transaction_date: Lenient,
});

const Cancelation = Type.Object({
  id: Id,
  ...Amounts,
  quantity: Lenient,
  reason_code: Lenient,
  created_date: Lenient,
});

const OrderLine = Type.Object({
  order_line_id: Lenient,
  order_line_index: Lenient,
  order_line_state: Lenient,
  offer_sku: Lenient,
  product_sku: Lenient,
  product_title: Lenient,
  category_code: Lenient,
  category_label: Lenient,
  quantity: Lenient,
  price_unit: Lenient,
  price: Lenient,
  taxes: List(Tax),
  shipping_taxes: List(Tax),
  product_medias: Lenient,
  shipped_date: Lenient,
  received_date: Lenient,
  order_line_additional_fields: Lenient,
  refunds: List(Refund),
  cancelations: List(Cancelation),
});

export const SellerOrderSchema = Type.Object({
  order_id: Id,
  created_date: Type.String(),
  currency_iso_code: Type.String({ pattern: '^[A-Z]{3}$' }),
  total_price: Type.Union([Type.Number(), Type.String()]),
  order_tax_mode: Lenient,
  order_taxes: List(OrderTax),
  order_refunds: List(OrderRefund),
  order_lines: List(OrderLine),
  commercial_id: Lenient,
  order_state: Lenient,
  order_state_reason_code: Lenient,
  last_updated_date: Lenient,
  acceptance_decision_date: Lenient,
  channel: Lenient,
  payment_type: Lenient,
  payment_workflow: Lenient,
  customer: Lenient,
  customer_notification_email: Lenient,
  order_additional_fields: Lenient,
});

export type SellerOrder = Static<typeof SellerOrderSchema>;
export type SellerOrderLine = Static<typeof OrderLine>;
export type SellerRefund = Static<typeof Refund>;
export type SellerCancelation = Static<typeof Cancelation>;
export type SellerTax = Static<typeof Tax>;

const validator = Compile(SellerOrderSchema);

export function isSellerOrder(value: unknown): value is SellerOrder {
  return validator.Check(value);
}

/** Where a value is not an order, by path and rule; never the value itself, which may be personal data. */
export function whyNotSellerOrder(value: unknown): string {
  const [first] = validator.Errors(value);
  if (first === undefined) return 'it does not fit';
  const missing = first.keyword === 'required' ? `/${missingProperties(first.params).join(', /')}` : '';
  return missing === ''
    ? `${first.instancePath || 'the order'} ${first.message}`
    : `${first.instancePath}${missing} is missing`;
}

function missingProperties(params: object): readonly string[] {
  const names = 'requiredProperties' in params ? params.requiredProperties : undefined;
  return Array.isArray(names) ? names.map(String) : [];
}
