import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBalanced, type Amounts, type Balance } from './balance.ts';
import { balanceTable, leakLines } from './balance-table.ts';

const nothing: Amounts = { orders: 0, money: { EUR: '0.00' }, unknownMoney: 0 };
const all: Amounts = { orders: 1200, money: { EUR: '1234567.80' }, unknownMoney: 0 };

function balance(change: Partial<Balance> = {}): Balance {
  return {
    asOf: '2026-03-01T12:00:00Z',
    settled: true,
    source: all,
    captured: all,
    buckets: { verified: all, in_flight: nothing },
    difference: nothing,
    leaking: [],
    marketplaces: [
      { marketplaceId: 'm', asOf: '2026-03-01T12:00:00Z', since: null, settled: true, captured: all },
    ],
    ...change,
  };
}

test('is balanced when all is settled, nothing under way and nothing missing', () => {
  assert.equal(isBalanced(balance()), true);
});

test('is not balanced before every marketplace has been audited', () => {
  assert.equal(isBalanced(balance({ settled: false })), false);
  assert.equal(isBalanced(balance({ marketplaces: [] })), false);
});

test('is not balanced while an order is under way', () => {
  assert.equal(
    isBalanced(balance({ buckets: { verified: all, in_flight: { ...nothing, orders: 1 } } })),
    false,
  );
});

test('is balanced while the orders in flight wait for the seller to accept them', () => {
  const buckets = { verified: all, in_flight: { ...nothing, orders: 7 } };
  const waiting = { bucket: 'in_flight', meaning: '', owner: 'operations', money: {} };
  const leaking = [{ ...waiting, reason: 'mapping.awaiting_acceptance', orders: 7 }];
  assert.equal(isBalanced(balance({ buckets, leaking })), true);
  const ours = { ...waiting, reason: 'klaviyo.accepted', orders: 1 };
  assert.equal(
    isBalanced(balance({ buckets: { in_flight: { ...nothing, orders: 8 } }, leaking: [...leaking, ours] })),
    false,
  );
});

test('is not balanced over a cent', () => {
  assert.equal(isBalanced(balance({ difference: { ...nothing, money: { EUR: '-0.01' } } })), false);
});

test('is not balanced over an order whose amount nobody knows', () => {
  assert.equal(isBalanced(balance({ difference: { ...nothing, unknownMoney: 1 } })), false);
});

test('shows all seven buckets and groups thousands without touching the decimals', () => {
  const table = balanceTable(balance());
  for (const label of ['verified', 'in flight', 'uncaptured', 'withheld', 'failed', 'erased', 'not a sale']) {
    assert.ok(table.includes(label), label);
  }
  assert.match(table, /1,234,567\.80/);
});

test('says of each leak how many orders, why, whose job and how much money', () => {
  const leak = {
    bucket: 'uncaptured_contact',
    reason: 'contact.relay',
    meaning: 'A relay',
    owner: 'marketing',
  };
  const leaking: Balance['leaking'] = [
    { ...leak, orders: 445, money: { EUR: '38033.58', USD: '9.10' } },
    { ...leak, orders: 1, money: {} },
  ];
  assert.deepEqual(leakLines(balance({ leaking })), [
    '   445  A relay (marketing): 38,033.58 EUR, 9.10 USD',
    '     1  A relay (marketing)',
  ]);
});
