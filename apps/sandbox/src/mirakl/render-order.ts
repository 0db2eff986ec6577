import type { Json, JsonObject } from '../http/json.ts';
import { shareOf } from '../trade/amounts.ts';
import type { SandboxBuyer } from '../trade/buyers.ts';
import type { Marketplace } from '../trade/marketplace.ts';
import type { MarketplaceProfile, TaxMode } from '../trade/marketplace-profile.ts';
import type { OrderContact } from '../trade/order-contact.ts';
import { SeededRandom } from '../seeded-random.ts';
import { lineTotal, type TradeLine, type TradeOrder } from '../trade/trade-order.ts';
import { miraklDate } from './mirakl-dates.ts';
import { renderLine } from './render-line.ts';
import { amountNumber, shownAmount, type TaxView } from './tax-view.ts';

const dayMs = 86_400_000;

/** The order as OR11 shows it, with amounts in the tax mode that was asked for. */
export function renderOrder(marketplace: Marketplace, order: TradeOrder, shown: TaxMode): JsonObject {
  const { profile, seed } = marketplace;
  const view: TaxView = { currency: profile.currency, native: profile.taxMode, shown };
  const random = new SeededRandom(seed, 'shown', profile.id, order.sequence);
  const contact = marketplace.contactOf(order);
  const sumOf = (of: (line: TradeLine) => number): number =>
    amountNumber(
      view,
      order.lines.reduce((total, line) => total + of(line), 0),
    );
  const price = (line: TradeLine): number => shownAmount(view, line.price, line.taxes);
  const shipping = (line: TradeLine): number => shownAmount(view, line.shippingPrice, line.shippingTaxes);
  return {
    acceptance_decision_date: miraklDate(wholeSecond(order.acceptedMs)),
    can_cancel: order.state === 'WAITING_ACCEPTANCE' || order.state === 'SHIPPING',
    can_shop_ship: order.state === 'SHIPPING',
    channel: profile.channel === null ? null : { ...profile.channel },
    commercial_id: order.commercialId,
    created_date: miraklDate(order.createdMs),
    currency_iso_code: profile.currency,
    customer: renderCustomer(marketplace, order, random),
    customer_debited_date: miraklDate(order.debitedMs),
    customer_directly_pays_seller: false,
    customer_notification_email: contact.notificationEmail,
    delivery_date: null,
    fulfillment: { center: { code: 'DEFAULT' } },
    fully_refunded: order.lines.length > 0 && order.lines.every((line) => line.state === 'REFUNDED'),
    has_customer_message: random.chance(0.1),
    has_incident: false,
    has_invoice: random.chance(0.3),
    invoice_details: null,
    last_updated_date: miraklDate(order.updatedMs),
    leadtime_to_ship: 2,
    order_additional_fields: additionalFields(profile, contact, random),
    order_id: order.orderId,
    order_lines: order.lines.map((line) => renderLine(profile, order, line, view)),
    order_refunds: null,
    order_state: order.state,
    order_state_reason_code: order.reasonCode,
    order_state_reason_label: order.reasonCode === null ? null : `Reason ${order.reasonCode}`,
    order_tax_mode: shown,
    order_taxes: null,
    paymentType: 'CARD',
    payment_type: 'CARD',
    payment_duration: 0,
    payment_workflow: 'PAY_ON_ACCEPTANCE',
    price: sumOf(price),
    promotions: { applied_promotions: [], total_deduced_amount: 0 },
    quote_id: null,
    references: { order_reference_for_customer: null, order_reference_for_seller: null },
    shipping_deadline: order.debitedMs === null ? null : miraklDate(order.debitedMs + 2 * dayMs),
    ...shippingFields(order),
    shipping_price: sumOf(shipping),
    total_commission: sumOf((line) => shareOf(lineTotal(line), 15, 100)),
    total_price: sumOf((line) => price(line) + shipping(line) + line.fee),
    transaction_date: miraklDate(order.debitedMs),
    transaction_number: order.debitedMs === null ? null : `PAY-${order.sequence}`,
  };
}

function wholeSecond(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1000) * 1000;
}

function shippingFields(order: TradeOrder): JsonObject {
  const shipped = order.shippedMs !== null;
  return {
    shipping_carrier_code: shipped ? 'POST' : null,
    shipping_carrier_standard_code: null,
    shipping_company: shipped ? 'Sandbox Post' : null,
    shipping_pudo_id: null,
    shipping_tracking: shipped ? `SP${order.sequence}` : null,
    shipping_tracking_url: null,
    shipping_type_code: 'STD',
    shipping_type_label: 'Standard',
    shipping_type_standard_code: 'CU_ADD-STD',
    shipping_zone_code: 'DOM',
    shipping_zone_label: 'Domestic',
  };
}

function additionalFields(profile: MarketplaceProfile, contact: OrderContact, random: SeededRandom): Json {
  const fields: Json[] = [];
  if (profile.emailField !== null && contact.fieldEmail !== undefined) {
    fields.push({ code: profile.emailField, type: 'STRING', value: contact.fieldEmail });
  }
  // Observed at Mirakl: booleans come as text.
  if (random.chance(0.5)) {
    fields.push({ code: 'gift-wrap', type: 'BOOLEAN', value: random.chance(0.2) ? 'true' : 'false' });
  }
  return fields;
}

function renderCustomer(marketplace: Marketplace, order: TradeOrder, random: SeededRandom): Json {
  const { profile } = marketplace;
  const buyer = marketplace.buyerOf(order);
  const accepted = order.acceptedMs !== null;
  const anonymised = order.anonymizedMs !== null;
  const showsAddress =
    order.state !== 'REFUSED' && !anonymised && (accepted || profile.addressesBeforeAcceptance);
  const hasIsoCode = !random.chance(profile.isoCodeMissing);
  const phoneIsSecondary = random.chance(0.1);
  const address = (withPhone: boolean): Json =>
    showsAddress ? renderAddress(profile, buyer, { hasIsoCode, withPhone, phoneIsSecondary }) : null;
  const shipping = address(true);
  return {
    billing_address: address(random.chance(0.7)),
    ...(anonymised ? nobody(order) : namesOf(buyer)),
    locale: profile.locale,
    organization: null,
    shipping_address: shipping,
  };
}

function namesOf({ civility, customerId, firstname, lastname }: SandboxBuyer): JsonObject {
  return { civility, customer_id: customerId, firstname, lastname };
}

function nobody(order: TradeOrder): JsonObject {
  return { civility: null, customer_id: `anonymised-${order.sequence}`, firstname: '', lastname: '' };
}

const countries = {
  FR: { label: 'France', iso: 'FRA' },
  US: { label: 'United States', iso: 'USA' },
  DE: { label: 'Deutschland', iso: 'DEU' },
} as const;

function renderAddress(
  profile: MarketplaceProfile,
  buyer: SandboxBuyer,
  shown: { readonly hasIsoCode: boolean; readonly withPhone: boolean; readonly phoneIsSecondary: boolean },
): Json {
  const country = countries[profile.country];
  const phone = shown.withPhone ? buyer.phone : null;
  return {
    additional_info: null,
    city: buyer.city,
    civility: buyer.civility,
    company: null,
    country: country.label,
    country_iso_code: shown.hasIsoCode ? country.iso : null,
    firstname: buyer.firstname,
    lastname: buyer.lastname,
    phone: shown.phoneIsSecondary ? null : phone,
    phone_secondary: shown.phoneIsSecondary ? phone : undefined,
    state: buyer.state,
    street_1: buyer.street,
    street_2: null,
    zip_code: buyer.zipCode,
  };
}
