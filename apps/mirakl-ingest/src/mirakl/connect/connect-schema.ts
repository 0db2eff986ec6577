import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What is read of an order of Mirakl Connect (`GET /v2/orders`), and how strictly: as for OR11, identity and money must
 * be there, everything else may be missing or new.
 */
const Lenient = Type.Optional(Type.Unknown());
const Id = Type.String({ maxLength: 300, pattern: '^(?=.*\\S)[^\\x00-\\x1f\\x7f]+$' });
const List = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Optional(Type.Union([Type.Array(item), Type.Null()]));

const Money = Type.Object({
  amount: Type.Union([Type.Number(), Type.String()]),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
});
const OptionalMoney = Type.Optional(Type.Union([Money, Type.Null()]));

const Tax = Type.Object({
  code: Lenient,
  amount: OptionalMoney,
  channel_collectible: OptionalMoney,
  seller_collectible: OptionalMoney,
});

const Adjustment = Type.Object({
  adjustment_id: Lenient,
  /** Deprecated, but Mirakl's own example has nothing else. */
  id: Lenient,
  type: Type.String(),
  reason: Lenient,
  price: OptionalMoney,
  shipping_price: OptionalMoney,
  taxes: List(Tax),
  shipping_taxes: List(Tax),
  quantity: Lenient,
  created_at: Lenient,
});

const Line = Type.Object({
  id: Lenient,
  channel_order_line_id: Lenient,
  status: Lenient,
  status_reason: Lenient,
  quantity: Lenient,
  price: Money,
  total_shipping_price: OptionalMoney,
  taxes: List(Tax),
  shipping_taxes: List(Tax),
  product: Lenient,
  custom_attributes: Lenient,
  adjustments: List(Adjustment),
});

export const ConnectOrderSchema = Type.Object({
  id: Id,
  channel_order_id: Lenient,
  created_at: Type.String(),
  updated_at: Lenient,
  anonymized_at: Lenient,
  status: Lenient,
  status_reason: Lenient,
  origin: Lenient,
  shipping_info: Lenient,
  billing_info: Lenient,
  custom_attributes: Lenient,
  // Money stands at the lines alone: an order without any has no currency.
  order_lines: Type.Array(Line, { minItems: 1 }),
});

export type ConnectOrder = Static<typeof ConnectOrderSchema>;
export type ConnectLine = Static<typeof Line>;
export type ConnectAdjustment = Static<typeof Adjustment>;
export type ConnectTax = Static<typeof Tax>;
export type ConnectMoney = Static<typeof OptionalMoney>;

const validator = Compile(ConnectOrderSchema);

export function isConnectOrder(value: unknown): value is ConnectOrder {
  return validator.Check(value);
}

/** Where a value is not an order, by path and rule; never the value itself. */
export function whyNotConnectOrder(value: unknown): string {
  const [first] = validator.Errors(value);
  return first === undefined ? 'it does not fit' : `${first.instancePath || 'the order'} ${first.message}`;
}
