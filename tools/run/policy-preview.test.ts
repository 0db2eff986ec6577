import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyPreviewText } from './policy-preview-text.ts';

const group = {
  before: 'uncaptured contact.relay',
  after: 'mapped',
  released: true,
  orders: 12,
  money: [
    { amount: '480.00', currency: 'EUR' },
    { amount: '20.00', currency: 'USD' },
  ],
  tooOldForFlows: 9,
  examples: ['m:A-1', 'm:A-2'],
};
const kept = { ...group, after: group.before, released: false, orders: 3, money: [], examples: ['m:A-3'] };
const line = JSON.stringify([
  { marketplaceId: 'm', held: 15, groups: [group, kept] },
  { marketplaceId: 'other', held: 0, groups: [] },
]);

test('says per marketplace what is released, with its money and what fires no flow', () => {
  assert.equal(
    policyPreviewText(line, undefined),
    [
      'm: 15 held',
      '  * 12 (480.00 EUR + 20.00 USD, 9 too old to fire a flow): uncaptured contact.relay -> mapped',
      '      m:A-1, m:A-2',
      '    3 (amount unknown): uncaptured contact.relay -> uncaptured contact.relay',
      '      m:A-3',
      'other: 0 held',
      '12 of 15 held orders would be released (marked *). Nothing was changed.',
    ].join('\n'),
  );
});

test('shows one marketplace alone where that is asked for', () => {
  assert.match(policyPreviewText(line, 'other'), /^other: 0 held\n0 of 0 held orders/);
});

test('refuses what is no preview', () => {
  assert.throws(() => policyPreviewText('[{"held":1}]', undefined), /not as profile-mapper prints it/);
});
