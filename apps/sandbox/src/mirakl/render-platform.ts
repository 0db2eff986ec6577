import type { JsonObject } from '../http/json.ts';
import { decimalsOf } from '../trade/amounts.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import { miraklDate } from './mirakl-dates.ts';

/** A01. */
export function renderAccount({ profile, orders }: Marketplace): JsonObject {
  return {
    applicable_taxes: [],
    approval_delay: 0,
    approval_rate: 1,
    channels: profile.channel === null ? [] : [profile.channel.code],
    closed_from: null,
    closed_to: null,
    currency_iso_code: profile.currency,
    date_created: miraklDate(Date.UTC(2024, 0, 15, 9, 0, 0)),
    description: 'An invented shop',
    domains: ['PRODUCT'],
    is_professional: true,
    last_updated_date: miraklDate(Date.UTC(2024, 0, 15, 9, 0, 0)),
    model: 'MARKETPLACE',
    orders_count: orders.length,
    payment_details: { paid_balance: 0, payable_balance: 0, pending_balance: 0 },
    shop_additional_fields: [],
    shop_id: profile.shopId,
    shop_name: `Sandbox shop at ${profile.name}`,
    shop_state: 'OPEN',
    suspension_type: null,
  };
}

/** PC01. */
export function renderConfiguration({ profile }: Marketplace): JsonObject {
  return {
    features: {
      direct_payment_customer_store: { activated: false, refund_cancel_authorized: false },
      multi_currency: false,
      offer_prices_decimals: String(decimalsOf(profile.currency)),
      order_tax_mode: profile.taxMode,
      order_workflows: {
        no_customer_payment_confirmation: false,
        order_acceptance: 'BOTH',
        pause_debit_workflow: false,
        pay_on_due_date: false,
        pay_on_shipment: false,
        shipping_and_billing_details_before_acceptance: profile.addressesBeforeAcceptance,
      },
      returns: { marketplace: true, drop_ship: false, one_creditor: false },
      shipment: { multi_part_item_shipment: false, multi_shipment: false },
      tax_collection: {
        activated: profile.taxMode === 'TAX_EXCLUDED' ? 'YES' : 'NO',
        product_tax_code_mandatory: false,
        tax_collection_by_operator: profile.taxes.some((tax) => tax.owedBy !== 'shop'),
      },
    },
    modules: { offer_management: true, order_management: true, promotions: false, quotes: false },
    platform_configuration: {
      customer_model: { b2b: false, b2c: true },
      platform_model: { drop_ship: false, marketplace: true, one_creditor: false },
    },
    platform_name: profile.name,
    tenant_name: `${profile.id}-sandbox`,
    timezone: profile.timezone,
  };
}

const reasonList = [
  { code: '15', is_shop_right: true, label: 'Out of stock', type: 'REFUND' },
  { code: '16', is_shop_right: true, label: 'Item returned', type: 'REFUND' },
  { code: '18', is_shop_right: true, label: 'Commercial gesture', type: 'REFUND' },
  { code: '19', is_shop_right: true, label: 'Item damaged', type: 'REFUND' },
  {
    code: '34',
    is_shop_right: true,
    label: 'Cancelled by the client prior to shipping',
    type: 'CANCELATION',
  },
  {
    code: 'SYSTEM_LATE_SHIPMENT_CANCELATION',
    is_shop_right: false,
    label: 'Cancelled: shipped too late',
    type: 'CANCELATION',
  },
  { code: '1', is_shop_right: false, label: 'Item not received', type: 'INCIDENT_OPEN' },
  { code: '10', is_shop_right: false, label: 'Replacement item received', type: 'INCIDENT_CLOSE' },
] as const;

/** RE01. */
export function renderReasons(): JsonObject {
  return { reasons: reasonList };
}

/** CH11. */
export function renderChannels({ profile }: Marketplace): JsonObject {
  if (profile.channel === null) return { channels: [] };
  const { code, label } = profile.channel;
  return { channels: [{ code, description: label, label }] };
}
