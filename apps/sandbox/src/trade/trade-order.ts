export type OrderState =
  | 'STAGING'
  | 'WAITING_ACCEPTANCE'
  | 'WAITING_DEBIT'
  | 'WAITING_DEBIT_PAYMENT'
  | 'SHIPPING'
  | 'SHIPPED'
  | 'TO_COLLECT'
  | 'RECEIVED'
  | 'CLOSED'
  | 'REFUSED'
  | 'CANCELED';

/** A line can end in REFUNDED, an order never does. */
export type LineState = OrderState | 'REFUNDED';

export type RefundState = 'WAITING_REFUND' | 'WAITING_REFUND_PAYMENT' | 'REFUNDED';

export type ReturnState = 'WAITING_ACCEPTANCE' | 'IN_PROGRESS' | 'RECEIVED' | 'CLOSED' | 'REFUSED';

/** All amounts of the trade are whole minor units of the marketplace's currency, in the marketplace's own tax mode. */
export interface TradeTax {
  readonly code: string;
  /** Percent. */
  readonly rate: number;
  amount: number;
  /** The part of `amount` that the operator collects and remits itself; never the shop's money. */
  remitted: number;
}

export interface TradeCancelation {
  readonly id: string;
  readonly amount: number;
  readonly shippingAmount: number;
  readonly feeAmount: number;
  readonly quantity: number;
  readonly reasonCode: string;
  readonly createdMs: number;
  readonly taxes: readonly TradeTax[];
  readonly shippingTaxes: readonly TradeTax[];
}

export interface TradeRefund {
  readonly id: string;
  readonly orderRefundId: string;
  readonly amount: number;
  readonly shippingAmount: number;
  readonly feeAmount: number;
  /** Informative only at Mirakl: null or 0 beside money is normal. */
  readonly quantity: number | null;
  readonly reasonCode: string;
  readonly createdMs: number;
  readonly taxes: readonly TradeTax[];
  readonly shippingTaxes: readonly TradeTax[];
  state: RefundState;
  paidMs: number | null;
}

export interface TradeReturn {
  readonly id: string;
  readonly lineIndex: number;
  readonly quantity: number;
  readonly reasonCode: string;
  readonly createdMs: number;
  updatedMs: number;
  state: ReturnState;
}

export interface TradeLine {
  readonly product: number;
  quantity: number;
  readonly unitPrice: number;
  /** Line total without shipping; a cancelation lowers it, a refund or a refusal does not. */
  price: number;
  shippingPrice: number;
  fee: number;
  readonly taxes: TradeTax[];
  readonly shippingTaxes: TradeTax[];
  state: LineState;
  reasonCode: string | null;
  updatedMs: number;
  refunds: TradeRefund[];
  cancelations: TradeCancelation[];
}

/** What every order at a marketplace has, whoever made it: enough to filter and to sort. */
export interface OrderEntry {
  readonly orderId: string;
  readonly createdMs: number;
  updatedMs: number;
  state: string;
  /** Not found by update date: a planted leak. Still there by creation date and by id. */
  hidden: boolean;
}

export interface TradeOrder extends OrderEntry {
  readonly kind: 'traded';
  readonly commercialId: string;
  /** Names the order's own random stream: what is not stored is derived from it. */
  readonly sequence: number;
  readonly buyer: number;
  state: OrderState;
  reasonCode: string | null;
  acceptedMs: number | null;
  debitedMs: number | null;
  shippedMs: number | null;
  receivedMs: number | null;
  /** The operator took the person out of the order. */
  anonymizedMs: number | null;
  readonly lines: TradeLine[];
  returns: TradeReturn[];
}

/** An order that a test put there as text: served as it is. */
export interface RawOrder extends OrderEntry {
  readonly kind: 'raw';
  readonly text: string;
}

export type StoredOrder = TradeOrder | RawOrder;

export function lineTotal(line: TradeLine): number {
  return line.price + line.shippingPrice + line.fee;
}

export function taxSum(taxes: readonly TradeTax[]): number {
  return taxes.reduce((sum, tax) => sum + tax.amount, 0);
}

export function isOver(order: TradeOrder): boolean {
  return order.state === 'CLOSED' || order.state === 'REFUSED' || order.state === 'CANCELED';
}
