import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLaw, type Evidence } from './check-law.ts';
import type { TrueEvent, TrueOrder } from './sandbox-orders.ts';

const order = (change: Partial<TrueOrder>): TrueOrder => ({
  orderId: 'A-1',
  state: 'SHIPPED',
  currency: 'EUR',
  amount: '49.90',
  accepted: true,
  meaning: 'direct',
  contact: { kind: 'direct', email: 'ada@buyers.example' },
  lines: [
    {
      lineId: 'A-1-1',
      state: 'SHIPPED',
      refunds: [{ id: '7', amount: '5.00', shippingAmount: '0.00', state: 'REFUNDED' }],
      cancelations: [],
    },
  ],
  returns: [],
  ...change,
});
const event = (metric: string, id: string): TrueEvent => ({
  metric,
  uniqueId: `m:A-1:${id}`,
  email: 'ada@buyers.example',
});
const amounts = (orders: number, eur: string) => ({ orders, money: { EUR: eur } });

/** One order that was sold, shipped and partly refunded, and everything as it ought to be. */
function sound(): {
  -readonly [key in keyof Evidence]: Evidence[key];
} {
  return {
    truth: {
      mirakl: { m: amounts(1, '49.90') },
      klaviyo: { doubled: 0, forbiddenCalls: 0, pending: 0 },
    },
    balance: {
      asOf: '2026-03-01T10:00:00Z',
      settled: true,
      source: amounts(1, '49.90'),
      captured: amounts(1, '49.90'),
      buckets: { verified: amounts(1, '49.90') },
      difference: amounts(0, '0.00'),
      leaking: [],
      marketplaces: [],
    },
    ordersAtMirakl: new Map([['m', [order({})]]]),
    eventsAtKlaviyo: [
      event('Placed Order', 'placed'),
      event('Ordered Product', 'line:A-1-1'),
      event('Fulfilled Order', 'fulfilled'),
      event('Refunded Order', 'refunded:7'),
    ],
    ledger: [{ orderKey: 'm:A-1', bucket: 'verified', amount: { amount: '49.90', currency: 'EUR' } }],
    logs: '{"event":"service_ready"}',
    secrets: ['ada@buyers.example'],
  };
}

test('finds nothing where everything is as it ought to be', () => {
  assert.deepEqual(checkLaw(sound()), []);
});

const planted: readonly [string, (evidence: ReturnType<typeof sound>) => void, RegExp][] = [
  [
    'a lost event',
    (it) => (it.eventsAtKlaviyo = it.eventsAtKlaviyo.slice(1)),
    /1 events are lost: Placed Order\|m:A-1:placed/,
  ],
  [
    'a lost refund event',
    (it) => (it.eventsAtKlaviyo = it.eventsAtKlaviyo.slice(0, 3)),
    /events are lost: Refunded Order/,
  ],
  [
    'a doubled event',
    (it) => (it.eventsAtKlaviyo = [...it.eventsAtKlaviyo, event('Placed Order', 'placed')]),
    /stored more than once: Placed Order\|m:A-1:placed \(2 times\)/,
  ],
  [
    'an event of an order that is no sale',
    (it) => (it.ordersAtMirakl = new Map([['m', [order({ state: 'REFUSED', meaning: 'not_a_sale' })]]])),
    /stored that nobody expects/,
  ],
  [
    'an order that is not in the ledger',
    (it) => (it.ledger = []),
    /1 orders are missing in the ledger: m:A-1/,
  ],
  [
    'an order that only the ledger knows',
    (it) => (it.ledger = [...it.ledger, { orderKey: 'm:X', bucket: 'verified', amount: null }]),
    /in the ledger and not at Mirakl: m:X/,
  ],
  [
    'an order in the wrong bucket',
    (it) => (it.ledger = it.ledger.map((row) => ({ ...row, bucket: 'in_flight' }))),
    /wrong bucket: m:A-1 is in_flight, not verified/,
  ],
  [
    'a wrong amount of an order',
    (it) => (it.ledger = it.ledger.map((row) => ({ ...row, amount: { amount: '49.91', currency: 'EUR' } }))),
    /wrong amount: m:A-1 is 49.91, at Mirakl 49.90/,
  ],
  [
    'a difference',
    (it) => (it.balance = { ...it.balance, difference: amounts(1, '0.00') }),
    /the difference is/,
  ],
  [
    'buckets that do not add up in number',
    (it) => (it.balance = { ...it.balance, buckets: { verified: amounts(2, '49.90') } }),
    /2 orders in the buckets, 1 at Mirakl/,
  ],
  [
    'buckets that do not add up in money',
    (it) => (it.balance = { ...it.balance, buckets: { verified: amounts(1, '49.89') } }),
    /of EUR in the buckets/,
  ],
  [
    'a call that may change consent',
    (it) => (it.truth = { ...it.truth, klaviyo: { ...it.truth.klaviyo, forbiddenCalls: 1 } }),
    /1 calls that may change consent/,
  ],
  [
    "a double by the double's own count",
    (it) => (it.truth = { ...it.truth, klaviyo: { ...it.truth.klaviyo, doubled: 2 } }),
    /counts 2 doubled/,
  ],
  [
    'an address in a log',
    (it) => (it.logs += 'sent to ada@buyers.example'),
    /1 addresses or keys stand in the logs/,
  ],
];

for (const [name, plant, expected] of planted) {
  test(`finds ${name}`, () => {
    const evidence = sound();
    plant(evidence);
    const violations = checkLaw(evidence).join('\n');
    assert.match(violations, expected);
    assert.doesNotMatch(violations, /ada@/);
  });
}

test('takes a cancelled order in parts or as a whole, and misses it when there is neither', () => {
  const cancelled = order({
    state: 'CANCELED',
    lines: [
      {
        lineId: 'A-1-1',
        state: 'CANCELED',
        refunds: [],
        cancelations: [{ id: '9', amount: '49.90', shippingAmount: '0.00' }],
      },
    ],
  });
  const base = [event('Placed Order', 'placed'), event('Ordered Product', 'line:A-1-1')];
  const judge = (...more: TrueEvent[]) =>
    checkLaw({
      ...sound(),
      ordersAtMirakl: new Map([['m', [cancelled]]]),
      eventsAtKlaviyo: [...base, ...more],
    });
  assert.deepEqual(judge(event('Cancelled Order', 'cancelled:9')), []);
  assert.deepEqual(judge(event('Cancelled Order', 'cancelled:all')), []);
  assert.match(judge().join(), /events are lost: Cancelled Order\|m:A-1:cancelled:9 or /);
});

test('regression: expects nothing of a line that the seller refused', () => {
  const [sold] = order({}).lines;
  assert.ok(sold);
  const refused = { lineId: 'A-1-2', state: 'REFUSED', refunds: [], cancelations: [] };
  const withRefusedLine = new Map([['m', [order({ lines: [sold, refused] })]]]);
  assert.deepEqual(checkLaw({ ...sound(), ordersAtMirakl: withRefusedLine }), []);
  const eventsAtKlaviyo = [...sound().eventsAtKlaviyo, event('Ordered Product', 'line:A-1-2')];
  assert.match(
    checkLaw({ ...sound(), ordersAtMirakl: withRefusedLine, eventsAtKlaviyo }).join(),
    /stored that nobody expects: Ordered Product\|m:A-1:line:A-1-2/,
  );
});
