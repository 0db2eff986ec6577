type Json = Readonly<Record<string, unknown>>;

/**
 * An order of OR11 as an ordinary operator sends it; every person and address in it is invented. What is changed to
 * undefined is absent, as in JSON.
 */
export function orderFixture(changes: Json = {}): Json {
  return withoutUndefined({
    order_id: 'W-1001-A',
    commercial_id: 'W-1001',
    created_date: '2026-03-01T10:15:00Z',
    last_updated_date: '2026-03-02T08:00:00Z',
    acceptance_decision_date: '2026-03-01T11:00:00.250Z',
    order_state: 'SHIPPING',
    order_state_reason_code: null,
    currency_iso_code: 'EUR',
    order_tax_mode: 'TAX_INCLUDED',
    price: 45,
    shipping_price: 4.9,
    total_price: 49.9,
    channel: { code: 'WEB', label: 'Web shop' },
    payment_type: 'CARD',
    customer_notification_email: 'r1a2b3.c4d5e6f7g@notification.mirakl.net',
    customer: {
      customer_id: 'ines.invented@example.org',
      firstname: 'Ines',
      lastname: 'Invented',
      locale: 'fr_FR',
      billing_address: { city: 'Lyon', country: 'France', country_iso_code: 'FRA', phone: '0400000000' },
      shipping_address: {
        firstname: 'Ines',
        lastname: 'Invented',
        city: 'Paris',
        state: 'Île-de-France',
        zip_code: '75010',
        country: 'France',
        country_iso_code: 'FRA',
        phone: '',
        phone_secondary: '0100000000',
      },
    },
    order_additional_fields: [
      { code: 'gift-wrap', type: 'BOOLEAN', value: 'false' },
      { code: 'customer-email', type: 'STRING', value: 'Ines.Invented@example.org' },
    ],
    order_lines: [lineFixture()],
    ...changes,
  });
}

function withoutUndefined(order: Json): Json {
  return JSON.parse(JSON.stringify(order)) as Json;
}

export function lineFixture(changes: Json = {}): Json {
  return {
    order_line_id: 'W-1001-A-1',
    order_line_index: 1,
    order_line_state: 'SHIPPING',
    offer_sku: 'LAMP-BRASS',
    product_sku: 'P-77',
    product_title: 'Brass lamp',
    category_code: 'LIGHT',
    category_label: 'Luminaires',
    quantity: 3,
    price_unit: 15,
    price: 45,
    shipping_price: 4.9,
    total_price: 49.9,
    taxes: [],
    shipping_taxes: [],
    product_medias: [],
    shipped_date: null,
    received_date: null,
    order_line_additional_fields: [],
    refunds: [],
    cancelations: [],
    ...changes,
  };
}

export function refundFixture(changes: Json = {}): Json {
  return {
    id: '501',
    amount: 10,
    shipping_amount: 0,
    quantity: 1,
    reason_code: '15',
    created_date: '2026-03-03T09:00:00Z',
    refund_state: 'WAITING_REFUND',
    state: 'WAITING_REFUND',
    taxes: [],
    shipping_taxes: [],
    fees: [],
    ...changes,
  };
}

export function cancelationFixture(changes: Json = {}): Json {
  return {
    id: '601',
    amount: 15,
    shipping_amount: 1.5,
    quantity: 1,
    reason_code: '34',
    created_date: '2026-03-02T12:00:00Z',
    taxes: [],
    shipping_taxes: [],
    fees: [],
    ...changes,
  };
}
