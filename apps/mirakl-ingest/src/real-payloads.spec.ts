import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { detectChanges } from './capture/detect-changes.ts';
import { readSourceOrder } from './mirakl/seller/read-source-order.ts';

/**
 * Payloads of OR11 as operators really sent them, and what becomes of each order. They are not part of the
 * repository: where they are missing, that is said and nothing is claimed.
 */
const folder = fileURLToPath(new URL('../../../../shared/reference/mirakl/', import.meta.url));
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.startsWith('or11-') && name.endsWith('.json'))
  : [];
if (files.length === 0) console.warn(`skipped: no real payloads of Mirakl in ${folder}`);

interface Expected {
  readonly state: string;
  readonly amount: string;
  readonly amountWithoutTax: string;
  readonly taxMode: string;
  /** Hosts of the addresses that were read. */
  readonly contacts: readonly string[];
  readonly country: readonly [string | null, string | null];
  readonly lines: number;
  readonly refunds: readonly string[];
}

// Worked out by hand from each payload. Mode of the policy: TAX_INCLUDED, which holds where an order names none.
const EXPECTED: Readonly<Record<string, Expected>> = {
  // 94.49 in all: 62.49 of goods and 32 of shipping, which stands on the order alone.
  '1611DBLLZ-MP002191-A': closed('94.49', ['email.com'], 'France', 1),
  '1611DBLMN-MP002191-A': closed('86.98', [], 'France', 2),
  '1611DBLMO-MP002191-A': closed('86.98', [], 'Belgique', 2),
  // 173 and four taxes of 10 without a breakdown. The refund: 6.82 + 1.79 + 0.30 and taxes of 0.41 x 2 + 2.24 x 2. The
  // cancelation: 12.34 + 1.23 + 0.35; its taxes are all remitted by the operator.
  'Order_00010-A': {
    state: 'RECEIVED',
    amount: '213.00 USD',
    amountWithoutTax: '173.00 USD',
    taxMode: 'TAX_EXCLUDED',
    contacts: ['notification.mirakl.net'],
    country: ['USA', 'USA'],
    lines: 1,
    refunds: ['refund 1106 WAITING_REFUND_PAYMENT 14.21 open', 'cancelation 1122 - 13.92 final'],
  },
  // Refused, and still at its full price. Without tax: six times 8.43 less.
  '1589994114581-1589994114581-A': {
    state: 'REFUSED',
    amount: '570.00 USD',
    amountWithoutTax: '519.42 USD',
    taxMode: 'TAX_INCLUDED',
    contacts: [],
    country: [null, null],
    lines: 6,
    refunds: [],
  },
  // 94.12 and taxes of 1.03 + 3.13 + 0.52 + 1.58 + 0.10 + 0.32; the address field is there and empty.
  '000000086-A': {
    state: 'SHIPPING',
    amount: '100.80 EUR',
    amountWithoutTax: '94.12 EUR',
    taxMode: 'TAX_EXCLUDED',
    contacts: [],
    country: ['FRA', 'France'],
    lines: 2,
    refunds: [],
  },
  'ECI-1-A': eci('39.90 EUR'),
  'ECI-2-A': eci('99.90 EUR'),
  'ECI-3-A': eci('24.90 EUR'),
  // customer_id is an address and is not read. Without tax: 114.24 less 0.73 + 2.20 + 5.87 + 17.80 + 0.20 + 0.60.
  '1234561-A': {
    state: 'SHIPPING',
    amount: '114.24 EUR',
    amountWithoutTax: '86.84 EUR',
    taxMode: 'TAX_INCLUDED',
    contacts: [],
    country: [null, 'France'],
    lines: 2,
    refunds: [
      'refund 1120 WAITING_REFUND 2.81 open',
      'refund 1121 WAITING_REFUND 20.20 open',
      'refund 1122 WAITING_REFUND 0.01 open',
    ],
  },
};

function closed(amount: string, contacts: readonly string[], country: string, lines: number): Expected {
  const total = `${amount} EUR`;
  const shared = { state: 'CLOSED', taxMode: 'TAX_INCLUDED', refunds: [] } as const;
  return { ...shared, amount: total, amountWithoutTax: total, contacts, country: [null, country], lines };
}

function eci(amount: string): Expected {
  const shared = { state: 'SHIPPING', taxMode: 'TAX_EXCLUDED', contacts: [], refunds: [] } as const;
  return { ...shared, amount, amountWithoutTax: amount, country: [null, 'ES'], lines: 1 };
}

interface Payload {
  readonly order_id: string;
  readonly customer: { readonly customer_id: string };
}

/** Some files hold an answer, some a single order. */
function ordersOf(file: string): readonly Payload[] {
  const parsed = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Payload & {
    orders?: readonly Payload[];
  };
  return parsed.orders ?? [parsed];
}

const observedAt = new Date('2026-11-23T00:00:00Z');
const context = {
  orderTaxMode: 'TAX_INCLUDED',
  emailFrom: ['customer_notification_email'],
  baseUrl: 'https://maison.example',
  readAt: observedAt,
} as const;

(files.length === 0 ? describe.skip : describe)('real payloads of OR11', () => {
  const all = files.flatMap((file) => ordersOf(file).map((raw) => ({ file, raw })));

  it('are the ones whose outcome is stated here', () => {
    const ids = all.map(({ raw }) => raw.order_id);
    expect(ids.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  it.each(all)('$raw.order_id of $file', ({ raw }) => {
    const order = readSourceOrder(raw, () => Buffer.from(JSON.stringify(raw)), context);
    const detected = { marketplaceId: 'maison-fr', api: 'seller', source: 'poll', observedAt } as const;
    const { orders, refunds, unreadable } = detectChanges(
      [order],
      { orders: new Map(), refunds: new Map() },
      detected,
    );
    expect(unreadable).toEqual([]);
    expect(orders).toHaveLength(1);
    const [fact] = orders;
    expect({
      state: fact?.state,
      amount: `${fact?.amount?.amount} ${fact?.amount?.currency}`,
      amountWithoutTax: `${fact?.amountWithoutTax?.amount} ${fact?.amountWithoutTax?.currency}`,
      taxMode: fact?.taxMode,
      contacts: fact?.buyer.contacts.map(({ value }) => value.split('@')[1]),
      country: [fact?.buyer.countryCode, fact?.buyer.country],
      lines: fact?.lines.length,
      refunds: refunds.map(
        ({ kind, id, state, amount, final }) =>
          `${kind} ${id} ${state ?? '-'} ${amount?.amount} ${final ? 'final' : 'open'}`,
      ),
    }).toEqual(EXPECTED[raw.order_id]);
    const { customer_id: customerId } = raw.customer;
    if (customerId.includes('@')) expect(JSON.stringify(fact)).not.toContain(customerId);
  });
});
