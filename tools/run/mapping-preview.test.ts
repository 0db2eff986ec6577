import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OrderFact } from '@watertight/contracts';
import { parseMarketplaces } from '@watertight/marketplaces';
import { newestOrders, previewOf, previewText } from './mapping-preview-text.ts';

const example = join(import.meta.dirname, '../../libs/contracts/examples/valid/mirakl.orders.v1/order.json');
const order: OrderFact = {
  ...JSON.parse(readFileSync(example, 'utf8')),
  orderKey: 'm:A-1',
  marketplaceId: 'm',
  additionalFields: [
    { code: 'gift', type: 'BOOLEAN', value: 'true' },
    { code: 'size', type: 'STRING', value: 'large' },
  ],
};

function policy(attributes: string) {
  const text = `marketplaces:\n  - { id: m, name: M, baseUrl: https://m.example, backfillFrom: 2026-01-01, attributes: [${attributes}] }\n`;
  return parseMarketplaces(text, 'marketplaces.yaml', { env: {}, credentials: 'not needed' });
}

test('shows what a change of the mapping does to an order, and what is not of its type', () => {
  const before = policy('{ from: "additional:gift", to: Gift, on: event }');
  const after = policy(
    '{ from: "additional:gift", to: Gift, on: event, as: boolean }, { from: "additional:size", to: Size, on: profile, as: number }',
  );
  const text = previewText(previewOf([order], before, after));
  assert.match(text, /^m:A-1$/m);
  assert.match(text, /\* event: Gift: "true" -> true/);
  assert.match(text, /! additional:size has a value that is no number, so "Size" is left out/);
  assert.match(text, /1 orders: 1 change, 1 with a value that is not of its type/);
});

test('marks nothing where both mappings give the same', () => {
  const same = policy('{ from: "additional:gift", to: Gift, on: event }');
  const text = previewText(previewOf([order], same, same));
  assert.match(text, /^ {4}event: Gift: "true" -> "true"$/m);
  assert.match(text, /1 orders: 0 change/);
});

test('takes the newest state of each order once, of one marketplace, the newest first', () => {
  const facts = [
    { ...order, revision: 2, observedAt: '2026-03-01T12:00:00Z', state: 'SHIPPED' },
    { ...order, revision: 1, observedAt: '2026-03-01T11:00:00Z' },
    { ...order, orderKey: 'm:A-2', observedAt: '2026-03-01T13:00:00Z' },
    { ...order, orderKey: 'n:A-3', marketplaceId: 'n', observedAt: '2026-03-01T14:00:00Z' },
  ];
  const told = newestOrders(facts, { marketplaceId: 'm', limit: 50 }).map(({ orderKey, state }) => [
    orderKey,
    state,
  ]);
  assert.deepEqual(told, [
    ['m:A-2', order.state],
    ['m:A-1', 'SHIPPED'],
  ]);
  assert.equal(newestOrders(facts, { marketplaceId: undefined, limit: 1 })[0]?.orderKey, 'n:A-3');
});
