import { describe, expect, it } from '@jest/globals';
import { orderFact } from '../testing.fixture.ts';
import { buildPreview, mappingYaml } from './build-preview.ts';

const gift = { from: 'additional:gift', to: 'Gift', on: 'event', as: 'boolean' } as const;
const facts = [
  orderFact('m:A-1', { additionalFields: [{ code: 'gift', type: 'BOOLEAN', value: 'true' }] }),
  orderFact('m:A-2', { additionalFields: [{ code: 'colour', type: 'LIST', value: 'RED' }] }),
];
const contact = { emailFrom: [] };

describe('the preview of a mapping', () => {
  it('shows recent orders before and after, which of them change, and what is still left out', () => {
    const preview = buildPreview(facts, [], [gift], contact);
    expect(
      preview.orders.map(({ orderKey, changed, before, after }) => [
        orderKey,
        changed,
        before.event,
        after.event,
      ]),
    ).toEqual([
      ['m:A-1', true, {}, { Gift: true }],
      ['m:A-2', false, {}, {}],
    ]);
    expect(preview.changed).toBe(1);
    expect(preview.unmapped).toEqual([{ field: 'additional:colour', orders: 1 }]);
  });

  it('gives the YAML to commit', () => {
    expect(mappingYaml([gift])).toBe(
      'attributes:\n  - from: additional:gift\n    to: Gift\n    on: event\n    as: boolean\n',
    );
  });
});
