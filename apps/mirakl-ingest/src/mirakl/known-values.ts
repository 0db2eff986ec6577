/**
 * What Mirakl's documentation of August 2026 lists. All these lists are open: Mirakl adds states and fields without
 * notice (general notes of the seller API), so what is not in them is taken as it is, and reported once.
 */

export const ORDER_STATES: ReadonlySet<string> = new Set([
  'STAGING',
  'WAITING_ACCEPTANCE',
  'WAITING_DEBIT',
  'WAITING_DEBIT_PAYMENT',
  'SHIPPING',
  'SHIPPED',
  'TO_COLLECT',
  'RECEIVED',
  'CLOSED',
  'REFUSED',
  'CANCELED',
  'WAITING_REFUND',
  'WAITING_REFUND_PAYMENT',
]);

/** Lines have the states of orders, and some of their own. */
export const LINE_STATES: ReadonlySet<string> = new Set([
  ...ORDER_STATES,
  'INCIDENT_OPEN',
  'INCIDENT_CLOSED',
  'REFUNDED',
]);

export const REFUND_STATES: ReadonlySet<string> = new Set([
  'WAITING_REFUND_TAX_CONFIRMATION',
  'WAITING_REFUND',
  'WAITING_REFUND_PAYMENT',
  'REFUNDED',
]);

export const RETURN_STATES: ReadonlySet<string> = new Set([
  'WAITING_ACCEPTANCE',
  'IN_PROGRESS',
  'REFUSED',
  'RECEIVED',
  'NO_RECEPTION',
  'CLOSED',
  'CANCELED',
]);

export const PAYMENT_WORKFLOWS: ReadonlySet<string> = new Set([
  'PAY_ON_ACCEPTANCE',
  'PAY_ON_DELIVERY',
  'PAY_ON_DUE_DATE',
  'PAY_ON_SHIPMENT',
  'NO_CUSTOMER_PAYMENT_CONFIRMATION',
]);

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Fields of an order, documented or observed, read or not. */
export const ORDER_FIELDS = names(`
  acceptance_decision_date can_cancel can_evaluate can_shop_ship channel commercial_id created_date currency_iso_code
  customer customer_debited_date customer_directly_pays_seller customer_notification_email delivery_date
  discount_campaigns fulfillment fully_refunded has_customer_message has_incident has_invoice invoice_details
  last_updated_date leadtime_to_ship order_additional_fields order_id order_lines order_refunds order_state
  order_state_reason_code order_state_reason_label order_tax_mode order_taxes paymentType payment_duration payment_type
  payment_workflow price promotions quote_id references shipping_carrier_code shipping_carrier_standard_code
  shipping_company shipping_deadline shipping_price shipping_pudo_id shipping_tracking shipping_tracking_url
  shipping_type_code shipping_type_label shipping_type_standard_code shipping_zone_code shipping_zone_label
  total_commission total_price transaction_date transaction_number imprint_number`);

export const LINE_FIELDS = names(`
  can_open_incident can_refund cancelations category_code category_label commission_fee commission_rate_vat
  commission_taxes commission_vat created_date debited_date description discount_campaign eco_contributions fees
  last_updated_date measurement offer_id offer_sku offer_state_code order_line_additional_fields order_line_id
  order_line_index order_line_state order_line_state_reason_code order_line_state_reason_label origin_unit_price price
  price_additional_info price_amount_breakdown price_unit product_medias product_shop_sku product_sku product_title
  promotions purchase_information quantity received_date refunds shipped_date shipping_from shipping_price
  shipping_price_additional_unit shipping_price_amount_breakdown shipping_price_unit shipping_taxes tax_legal_notice
  taxes total_commission total_price`);

export const REFUND_FIELDS = names(`
  amount amount_breakdown commission_amount commission_tax_amount commission_taxes commission_total_amount created_date
  eco_contributions fees id order_refund_id purchase_information quantity reason_code refund_state shipping_amount
  shipping_amount_breakdown shipping_taxes state tax_legal_notice taxes transaction_date transaction_number`);

/** Mirakl Connect, `GET /v2/orders` (OpenAPI of August 2026). */
export const CONNECT_STATUSES: ReadonlySet<string> = new Set([
  'AWAITING_FRAUD_CHECK',
  'AWAITING_ACCEPTANCE',
  'AWAITING_PAYMENT',
  'AWAITING_SHIPMENT',
  'SHIPPED',
  'DELIVERED',
  'CLOSED',
]);

export const CONNECT_STATUS_REASONS: ReadonlySet<string> = new Set([
  'REFUSED',
  'ACCEPTANCE_TIMEOUT',
  'FRAUD_CHECK_FAILED',
  'FRAUD_CHECK_TIMEOUT',
  'REFUSED_PAYMENT',
  'PAYMENT_TIMEOUT',
  'CANCELED',
  'REFUNDED',
  'AUTOMATICALLY_CLOSED',
]);
