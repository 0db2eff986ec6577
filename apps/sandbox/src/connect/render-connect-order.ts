import type { Json, JsonObject } from '../http/json.ts';
import { lineIdOf } from '../mirakl/list-returns.ts';
import { miraklDate } from '../mirakl/mirakl-dates.ts';
import { shownAmount, type TaxView } from '../mirakl/tax-view.ts';
import { toAmountNumber } from '../trade/amounts.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { productsOf } from '../trade/products.ts';
import type {
  LineState,
  TradeCancelation,
  TradeLine,
  TradeOrder,
  TradeRefund,
  TradeTax,
} from '../trade/trade-order.ts';
import { renderAddressInfo } from './render-connect-address.ts';

const statuses: Readonly<Record<LineState, string>> = {
  STAGING: 'AWAITING_FRAUD_CHECK',
  WAITING_ACCEPTANCE: 'AWAITING_ACCEPTANCE',
  WAITING_DEBIT: 'AWAITING_PAYMENT',
  WAITING_DEBIT_PAYMENT: 'AWAITING_PAYMENT',
  SHIPPING: 'AWAITING_SHIPMENT',
  SHIPPED: 'SHIPPED',
  TO_COLLECT: 'SHIPPED',
  RECEIVED: 'DELIVERED',
  CLOSED: 'CLOSED',
  REFUSED: 'CLOSED',
  CANCELED: 'CLOSED',
  REFUNDED: 'CLOSED',
};

/** The order as Mirakl Connect lists it: amounts always without tax, refunds and cancelations as adjustments. */
export function renderConnectOrder(marketplace: Marketplace, order: TradeOrder): JsonObject {
  const address = renderAddressInfo(marketplace, order);
  const contact = marketplace.contactOf(order);
  return {
    anonymized_at: miraklDate(order.anonymizedMs) ?? undefined,
    billing_info: address === undefined ? undefined : { address },
    channel_order_id: order.orderId,
    channel_updated_at: miraklDate(order.updatedMs),
    created_at: miraklDate(order.createdMs),
    custom_attributes: [],
    fulfillment: { type: 'FULFILLED_BY_SELLER' },
    id: connectOrderId(marketplace, order),
    order_lines: order.lines.map((line, index) => renderLine(marketplace, order, line, index)),
    origin: originOf(marketplace),
    shipping_info: {
      address,
      email: contact.fieldEmail ?? contact.notificationEmail,
      method: 'Standard',
    },
    status: statuses[order.state],
    status_reason: reasonOf(order.state, order.reasonCode),
    updated_at: miraklDate(order.updatedMs),
  };
}

/** Unique over all channels, as the order's own id is not. */
export function connectOrderId({ profile }: Marketplace, order: TradeOrder): string {
  return `${profile.connectChannelId}_${order.orderId}`;
}

export function originOf({ profile }: Marketplace): JsonObject {
  return {
    channel_id: profile.connectChannelId,
    channel_name: profile.name,
    channel_store_id: String(profile.shopId),
    channel_store_name: `Sandbox shop at ${profile.name}`,
    sub_channel_code: profile.channel?.code,
    sub_channel_name: profile.channel?.label,
  };
}

function reasonOf(state: LineState, reasonCode: string | null): string | undefined {
  if (state === 'REFUSED') return reasonCode === 'ACCEPTANCE_TIMEOUT' ? 'ACCEPTANCE_TIMEOUT' : 'REFUSED';
  if (state === 'CANCELED') return 'CANCELED';
  if (state === 'REFUNDED') return 'REFUNDED';
  return state === 'CLOSED' && reasonCode === 'AUTO_CLOSED' ? 'AUTOMATICALLY_CLOSED' : undefined;
}

function renderLine(marketplace: Marketplace, order: TradeOrder, line: TradeLine, index: number): Json {
  const { profile } = marketplace;
  const product = productsOf(profile.country)[line.product];
  const view: TaxView = { currency: profile.currency, native: profile.taxMode, shown: 'TAX_EXCLUDED' };
  const lineId = lineIdOf(order, index);
  return {
    adjustments: [
      ...line.cancelations.map((one) => renderAdjustment(marketplace, one, 'CANCELATION', view)),
      ...line.refunds.map((one) => renderAdjustment(marketplace, one, 'REFUND', view)),
    ],
    can_cancel: line.state === 'SHIPPING',
    can_refund: line.state === 'SHIPPED' || line.state === 'RECEIVED',
    channel_order_line_id: lineId,
    custom_attributes: [],
    id: `${profile.connectChannelId}_${lineId}`,
    price: money(view, shownAmount(view, line.price, line.taxes)),
    product: { id: product?.sku ?? '', title: product?.title ?? '' },
    quantity: line.quantity,
    shipping_taxes: renderTaxes(view, line.shippingTaxes),
    status: statuses[line.state],
    status_reason: reasonOf(line.state, line.reasonCode),
    taxes: renderTaxes(view, line.taxes),
    // Connect has no field for fees; the handling fee is part of what the buyer pays for shipping.
    total_shipping_price: money(view, shownAmount(view, line.shippingPrice, line.shippingTaxes) + line.fee),
  };
}

const reasons: Readonly<Record<string, string>> = {
  15: 'OUT_OF_STOCK',
  16: 'RETURN',
  18: 'AGREEMENT',
  19: 'DEFECT',
  34: 'CUSTOMER_CANCELATION',
};

function renderAdjustment(
  { profile }: Marketplace,
  one: TradeRefund | TradeCancelation,
  type: 'REFUND' | 'CANCELATION',
  view: TaxView,
): Json {
  const taxes = (list: readonly TradeTax[]): Json =>
    list.map((tax) => ({ amount: money(view, tax.amount), code: tax.code }));
  return {
    adjustment_id: `${profile.connectChannelId}_${type}_${one.id}`,
    created_at: miraklDate(one.createdMs),
    id: `${profile.connectChannelId}_${one.id}`,
    price: money(view, shownAmount(view, one.amount, one.taxes)),
    quantity: one.quantity ?? 0,
    reason: reasons[one.reasonCode] ?? 'CHANNEL_SPECIFIC',
    shipping_price: money(view, shownAmount(view, one.shippingAmount, one.shippingTaxes) + one.feeAmount),
    shipping_taxes: taxes(one.shippingTaxes),
    taxes: taxes(one.taxes),
    type,
  };
}

function renderTaxes(view: TaxView, taxes: readonly TradeTax[]): Json {
  return taxes.map((tax) => ({
    amount: money(view, tax.amount),
    channel_collectible: money(view, tax.remitted),
    code: tax.code,
    rate: tax.rate,
    seller_collectible: money(view, tax.amount - tax.remitted),
  }));
}

function money(view: TaxView, minor: number): JsonObject {
  return { amount: toAmountNumber(minor, view.currency), currency: view.currency };
}
