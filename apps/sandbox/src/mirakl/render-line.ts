import type { Json, JsonObject } from '../http/json.ts';
import { shareOf } from '../trade/amounts.ts';
import { productsOf } from '../trade/products.ts';
import type { MarketplaceProfile } from '../trade/marketplace-profile.ts';
import {
  lineTotal,
  type TradeCancelation,
  type TradeLine,
  type TradeOrder,
  type TradeRefund,
} from '../trade/trade-order.ts';
import { miraklDate } from './mirakl-dates.ts';
import { amountNumber, renderBreakdown, renderTaxes, shownAmount, type TaxView } from './tax-view.ts';

/** Commission of the operator, percent of the line's total. */
const commissionRate = 15;

export function renderLine(
  profile: MarketplaceProfile,
  order: TradeOrder,
  line: TradeLine,
  view: TaxView,
): Json {
  const index = order.lines.indexOf(line);
  const price = shownAmount(view, line.price, line.taxes);
  const shipping = shownAmount(view, line.shippingPrice, line.shippingTaxes);
  const commission = shareOf(lineTotal(line), commissionRate, 100);
  const money = (minor: number): number => amountNumber(view, minor);
  return {
    can_refund: line.state === 'SHIPPED' || line.state === 'RECEIVED' || line.state === 'SHIPPING',
    cancelations: line.cancelations.map((cancelation) => renderCancelation(cancelation, view)),
    ...productFields(profile, line),
    commission_fee: money(commission),
    commission_rate_vat: 0,
    commission_taxes: [{ amount: 0, code: 'TAXZERO', rate: 0 }],
    commission_vat: 0,
    created_date: miraklDate(order.createdMs),
    debited_date: miraklDate(wholeSecond(order.debitedMs)),
    description: null,
    eco_contributions: [],
    fees: line.fee === 0 ? [] : [{ amount: money(line.fee), code: 'handling' }],
    last_updated_date: miraklDate(line.updatedMs),
    order_line_additional_fields: [],
    order_line_id: `${order.orderId}-${index + 1}`,
    order_line_index: index + 1,
    order_line_state: line.state,
    order_line_state_reason_code: line.reasonCode,
    order_line_state_reason_label: line.reasonCode === null ? null : `Reason ${line.reasonCode}`,
    origin_unit_price: money(unitShown(line, view)),
    price: money(price),
    price_additional_info: null,
    price_amount_breakdown: renderBreakdown(view, price),
    price_unit: money(unitShown(line, view)),
    promotions: [],
    purchase_information: null,
    quantity: line.quantity,
    received_date: miraklDate(wholeSecond(order.receivedMs)),
    refunds: line.refunds.map((refund) => renderRefund(refund, view)),
    shipped_date: miraklDate(wholeSecond(order.shippedMs)),
    shipping_from: null,
    shipping_price: money(shipping),
    shipping_price_additional_unit: null,
    shipping_price_amount_breakdown: renderBreakdown(view, shipping),
    shipping_price_unit: null,
    shipping_taxes: renderTaxes(view, line.shippingTaxes),
    taxes: renderTaxes(view, line.taxes),
    total_commission: money(commission),
    total_price: money(price + shipping + line.fee),
  };
}

function productFields(profile: MarketplaceProfile, line: TradeLine): JsonObject {
  const product = productsOf(profile.country)[line.product];
  return {
    category_code: product?.categoryCode ?? '',
    category_label: product?.categoryLabel ?? '',
    offer_id: 4000 + line.product,
    offer_sku: product?.sku ?? '',
    offer_state_code: '11',
    product_medias: [
      { media_url: `/media/product/image/${product?.sku ?? 'none'}`, mime_type: 'JPEG', type: 'MEDIUM' },
    ],
    product_shop_sku: product?.sku ?? null,
    product_sku: `MKP${String(100_000 + line.product)}`,
    product_title: product?.title ?? '',
  };
}

/** Line dates carry whole seconds; the order's own dates of the same moments carry milliseconds. */
function wholeSecond(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1000) * 1000;
}

/** The price of one piece, converted like the line when another mode was asked for. */
function unitShown(line: TradeLine, view: TaxView): number {
  if (view.native === view.shown || line.quantity === 0) return line.unitPrice;
  return Math.round(shownAmount(view, line.price, line.taxes) / line.quantity);
}

function renderRefund(refund: TradeRefund, view: TaxView): Json {
  const money = (minor: number): number => amountNumber(view, minor);
  return {
    amount: money(shownAmount(view, refund.amount, refund.taxes)),
    commission_amount: 0,
    commission_tax_amount: 0,
    commission_taxes: [{ amount: 0, code: 'TAXZERO' }],
    commission_total_amount: 0,
    created_date: miraklDate(refund.createdMs),
    eco_contributions: [],
    fees: refund.feeAmount === 0 ? [] : [{ amount: money(refund.feeAmount), code: 'handling' }],
    id: refund.id,
    order_refund_id: refund.orderRefundId,
    purchase_information: null,
    quantity: refund.quantity,
    reason_code: refund.reasonCode,
    refund_state: refund.state,
    shipping_amount: money(shownAmount(view, refund.shippingAmount, refund.shippingTaxes)),
    shipping_taxes: renderTaxes(view, refund.shippingTaxes, true),
    state: refund.state,
    taxes: renderTaxes(view, refund.taxes, true),
    transaction_date: miraklDate(refund.paidMs),
    transaction_number: refund.paidMs === null ? null : `TX-${refund.id}`,
  };
}

function renderCancelation(cancelation: TradeCancelation, view: TaxView): Json {
  const money = (minor: number): number => amountNumber(view, minor);
  const amount = shownAmount(view, cancelation.amount, cancelation.taxes);
  const shipping = shownAmount(view, cancelation.shippingAmount, cancelation.shippingTaxes);
  return {
    amount: money(amount),
    amount_breakdown: renderBreakdown(view, amount),
    commission_amount: 0,
    commission_taxes: [],
    commission_total_amount: 0,
    created_date: miraklDate(cancelation.createdMs),
    eco_contributions: [],
    fees: cancelation.feeAmount === 0 ? [] : [{ amount: money(cancelation.feeAmount), code: 'handling' }],
    id: cancelation.id,
    purchase_information: null,
    quantity: cancelation.quantity,
    reason_code: cancelation.reasonCode,
    shipping_amount: money(shipping),
    shipping_amount_breakdown: renderBreakdown(view, shipping),
    shipping_taxes: renderTaxes(view, cancelation.shippingTaxes, true),
    taxes: renderTaxes(view, cancelation.taxes, true),
  };
}
