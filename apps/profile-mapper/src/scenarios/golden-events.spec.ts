import { describe, expect, it } from '@jest/globals';
import type { OrderFact, RefundFact } from '@watertight/contracts';
import type { ClaimToSave } from '../facts/facts.store.ts';
import {
  at,
  BUYER_ID_KEY,
  cancelation,
  eur,
  line,
  marketplace,
  order,
  policyOf,
  refund,
  returned,
} from './facts.fixture.ts';
import { claim, MemoryMapper } from './mapper.fixture.ts';

type Fact = OrderFact | RefundFact | ClaimToSave;

const RELAY = 'r1.x@notification.mirakl.net';
const usd = (amount: string) => ({ amount, currency: 'USD' });
const contact = { emailFrom: [], use: 'direct_and_relay', relayDomains: [], placeholders: [] } as const;
const rules = {
  policy: policyOf(
    [
      marketplace('m', {
        attributes: [{ from: 'additional:gift-wrap', to: 'Gift Wrap', on: 'event', as: 'boolean' }],
      }),
      marketplace('relayed', { contact }),
    ],
    { USD: '0.5' },
  ),
  buyerIdKey: BUYER_ID_KEY,
};
const twoLines = [
  line({ imageUrl: 'https://media.example.org/lamp.jpg' }),
  line({
    lineId: '2',
    sku: 'VASE',
    productSku: 'P-2',
    title: 'Vase',
    categoryCode: 'VASES',
    categoryLabel: 'Vases',
    quantity: 1,
    unitPrice: eur('10.00'),
    amount: eur('10.00'),
  }),
];
const cancelledLine = line({ state: 'CANCELED', quantity: 0, amount: eur('0.00') });

/** Each batch is what one poll brought. */
const scenarios: readonly (readonly [name: string, batches: readonly (readonly Fact[])[]])[] = [
  ['order-placed-with-two-lines', [[order({ lines: twoLines, amount: eur('59.90'), commercialId: 'C-1' })]]],
  [
    'order-placed-then-shipped',
    [[order()], [order({ revision: 2, state: 'SHIPPED', lines: [line({ shippedAt: at('11:30') })] })]],
  ],
  [
    'order-partial-refund-then-cancel',
    [
      [order({ lines: twoLines, amount: eur('59.90') })],
      [refund('r1', { amount: eur('5.00'), completedAt: at('11:10') })],
      [
        order({ revision: 2, amount: eur('49.90'), lines: twoLines, observedAt: at('13:00') }),
        cancelation('c1', { lineId: '2', amount: eur('10.00'), observedAt: at('13:00') }),
      ],
    ],
  ],
  [
    'order-cancelled-as-a-whole-without-a-cancelation',
    [[order()], [order({ revision: 2, state: 'CANCELED', stateReason: 'FRAUD', updatedAt: at('12:30') })]],
  ],
  [
    'order-cancelled-line-by-line',
    [
      [order()],
      [
        order({
          revision: 2,
          state: 'CANCELED',
          amount: eur('0.00'),
          lines: [cancelledLine],
          observedAt: at('13:00'),
        }),
        cancelation('c1', { amount: eur('24.95'), quantity: 1, observedAt: at('13:00') }),
        cancelation('c2', {
          amount: eur('24.95'),
          quantity: 1,
          observedAt: at('13:00'),
          createdAt: at('11:05'),
        }),
      ],
    ],
  ],
  [
    'order-returned-then-refunded-in-two-parts',
    [
      [order({ state: 'RECEIVED' })],
      [returned('t1', { createdAt: at('11:00'), completedAt: at('11:40') })],
      [
        refund('r1', { createdAt: at('11:45') }),
        refund('r2', { createdAt: at('11:50'), amount: eur('2.50') }),
      ],
    ],
  ],
  [
    'order-of-an-operator-that-remits-the-tax',
    // The fact's amount holds what is payable to the shop; tax that the operator remits never entered it.
    [
      [
        order({
          taxMode: 'TAX_EXCLUDED',
          amount: eur('49.90'),
          amountWithoutTax: eur('49.90'),
          lines: [line()],
        }),
      ],
    ],
  ],
  [
    'order-in-another-currency',
    [
      [
        order({
          currency: 'USD',
          amount: usd('49.90'),
          lines: [line({ unitPrice: usd('24.95'), amount: usd('49.90') })],
        }),
        refund('r1', { amount: usd('10.00') }),
      ],
    ],
  ],
  [
    'order-recovered-by-a-claim',
    [[order({ email: RELAY, state: 'RECEIVED' }), refund('r1')], [claim('ada@example.com')]],
  ],
  ['order-first-seen-when-it-was-closed', [[order({ state: 'CLOSED', acceptedAt: null })]]],
  [
    'order-anonymised-before-its-refund',
    [[order()], [order({ revision: 2, email: null, anonymisedAt: at('11:00') })], [refund('r1')]],
  ],
  ['order-with-a-relay-where-relays-are-used', [[order({ marketplaceId: 'relayed', email: RELAY })]]],
  [
    'order-with-a-mapped-attribute',
    [[order({ additionalFields: [{ code: 'gift-wrap', type: 'BOOLEAN', value: 'true' }] })]],
  ],
  [
    'order-refused-by-the-seller',
    [[order({ state: 'REFUSED', acceptedAt: null, lines: [line({ state: 'REFUSED' })] })]],
  ],
];

describe('golden buyer events', () => {
  it.each(scenarios)('%s', (_name, batches) => {
    const mapper = new MemoryMapper(rules);
    const told = batches.map((batch) => {
      const { events, outcomes } = mapper.take(...batch);
      const words = outcomes.map(({ factId, outcome, reason }) => [factId, outcome, reason ?? '-'].join(' '));
      return { events, words };
    });
    expect(told).toMatchSnapshot();
  });

  it('has no scenario twice', () => {
    expect(new Set(scenarios.map(([name]) => name)).size).toBe(scenarios.length);
  });
});
