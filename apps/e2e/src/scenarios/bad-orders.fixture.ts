import { createHash } from 'node:crypto';

type Fields = Readonly<Record<string, unknown>>;

export interface BadOrder {
  readonly what: string;
  readonly raw: Fields;
  /** Its id in the ledger; that of an order without a usable one is made from its bytes. */
  readonly ledgerId: string;
  readonly bucket: string;
  readonly reason: string | null;
  /** As the ledger has it; null where nobody can read it. */
  readonly amount: string | null;
}

const CREATED = '2026-01-05T10:00:00Z';
const FAILED = { bucket: 'failed', reason: 'source.unparseable', amount: null } as const;
const PLAIN = '20.00 EUR';
const VERIFIED = { bucket: 'verified', reason: null, amount: PLAIN } as const;
/** What ingest itself cuts a title to. */
const TITLE_MAX = 10_000;

/** An order that nothing is wrong with. */
function goodOrder(orderId: string): Fields {
  return {
    order_id: orderId,
    commercial_id: orderId,
    created_date: CREATED,
    last_updated_date: CREATED,
    order_state: 'SHIPPING',
    currency_iso_code: 'EUR',
    price: 20,
    shipping_price: 0,
    total_price: 20,
    customer_notification_email: `${orderId.toLowerCase()}@example.org`,
    customer: { customer_id: 'c-1', firstname: 'A', lastname: 'B' },
    order_lines: [goodLine(orderId, 1)],
  };
}

function goodLine(orderId: string, number: number): Fields {
  return {
    order_line_id: `${orderId}-${number}`,
    order_line_state: 'SHIPPING',
    offer_sku: 'LAMP',
    product_title: 'Lamp',
    quantity: 1,
    price_unit: 20,
    price: 20,
  };
}

const lineWith = (orderId: string, more: Fields): Fields => ({
  order_lines: [{ ...goodLine(orderId, 1), ...more }],
});

const refund = { id: 'r-1', created_date: CREATED, reason_code: '17', quantity: 1, refund_state: 'REFUNDED' };

/** A row of the table: the name is the order's id, `changes` is what is wrong with it. */
function row(
  what: string,
  orderId: string,
  changes: Fields,
  expected: Pick<BadOrder, 'bucket' | 'reason' | 'amount'>,
): BadOrder {
  const raw = { ...goodOrder(orderId), ...changes };
  const hasId = raw['order_id'] === orderId;
  const hash = createHash('sha256').update(JSON.stringify(raw)).digest('hex').slice(0, 16);
  return { what, raw, ledgerId: hasId ? orderId : `unreadable-${hash}`, ...expected };
}

const uncaptured = (reason: string) => ({ bucket: 'uncaptured_contact', reason, amount: PLAIN });
const inFlight = (reason: string) => ({ bucket: 'in_flight', reason, amount: PLAIN });

/** One order for each kind of bad input; what identity and money do not need is no reason to lose an order. */
export const BAD_ORDERS: readonly BadOrder[] = [
  row('an amount in words', 'AMOUNT-WORDS', { total_price: 'a lot' }, FAILED),
  row('no amount', 'AMOUNT-NULL', { total_price: null }, FAILED),
  row('no currency', 'CURRENCY-NULL', { currency_iso_code: null }, FAILED),
  row('a currency that is none', 'CURRENCY-ODD', { currency_iso_code: 'euro' }, FAILED),
  row('a date that is none', 'DATE-ODD', { created_date: 'yesterday' }, FAILED),
  row('a tax mode of its own', 'TAX-ODD', { order_tax_mode: 'TAX_SOMETIMES' }, FAILED),
  row('lines that are no list', 'LINES-ODD', { order_lines: 'none' }, FAILED),
  row(
    'a refund whose amount cannot be read',
    'REFUND-WORDS',
    lineWith('REFUND-WORDS', { refunds: [{ ...refund, amount: 'half' }] }),
    FAILED,
  ),
  row('no id at all', 'ID-ABSENT', { order_id: null }, FAILED),
  row('an id that would break a log', 'ID-CONTROL', { order_id: 'A\u0007\nB' }, FAILED),
  row(
    'more text than a message takes',
    'TOO-LARGE',
    {
      order_lines: Array.from({ length: 100 }, (_, index) => ({
        ...goodLine('TOO-LARGE', index),
        product_title: 'x'.repeat(TITLE_MAX),
      })),
    },
    { bucket: 'failed', reason: 'contract.message_too_large', amount: null },
  ),
  row(
    'a state nobody has heard of',
    'STATE-NEW',
    { order_state: 'TELEPORTED' },
    inFlight('mapping.unknown_state'),
  ),
  row(
    'no addresses before acceptance',
    'WAITING',
    { order_state: 'WAITING_ACCEPTANCE', customer: { billing_address: null, shipping_address: null } },
    inFlight('mapping.awaiting_acceptance'),
  ),
  row(
    'refused, without addresses',
    'REFUSED',
    { order_state: 'REFUSED', customer: { billing_address: null, shipping_address: null } },
    { bucket: 'not_a_sale', reason: 'mapping.refused', amount: PLAIN },
  ),
  row(
    'no email key',
    'EMAIL-ABSENT',
    { customer_notification_email: undefined },
    uncaptured('contact.absent'),
  ),
  row('an empty email', 'EMAIL-EMPTY', { customer_notification_email: '' }, uncaptured('contact.absent')),
  row(
    'an email that is none',
    'EMAIL-ODD',
    { customer_notification_email: 'ask me' },
    uncaptured('contact.malformed'),
  ),
  row(
    'a relay address',
    'EMAIL-RELAY',
    { customer_notification_email: 'rabcdefghij.abcdefghi@notification.mirakl.net' },
    uncaptured('contact.relay'),
  ),
  row(
    'no customer, channel, locale or update date',
    'NULLS',
    { customer: null, channel: null, last_updated_date: null, order_additional_fields: null, locale: null },
    VERIFIED,
  ),
  row('fields nobody has heard of', 'FIELD-NEW', { hologram: { depth: 3 } }, VERIFIED),
  row(
    'refunds without quantity, without amount, of shipping only, in a new state',
    'REFUNDS-ODD',
    lineWith('REFUNDS-ODD', {
      refunds: [
        { ...refund, amount: 5, quantity: null },
        { ...refund, id: 'r-2', quantity: 0, amount: 0, shipping_amount: 1.5 },
        { ...refund, id: 'r-3', refund_state: 'WAITING_FOR_THE_BANK', amount: 1 },
        { ...refund, id: 'r-4' },
      ],
    }),
    VERIFIED,
  ),
  row(
    'a currency without decimals',
    'YEN',
    { currency_iso_code: 'JPY', price: 1_200, total_price: 1_200 },
    { ...VERIFIED, amount: '1200 JPY' },
  ),
  row(
    'a currency with three decimals',
    'DINAR',
    { currency_iso_code: 'KWD', price: 12.345, total_price: 12.345 },
    { ...VERIFIED, amount: '12.345 KWD' },
  ),
];
