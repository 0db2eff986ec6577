import { describe, expect, it } from '@jest/globals';
import type { AttributeMapping } from '@watertight/marketplaces';
import { at, BUYER_ID_KEY, line, marketplace, order, policyOf, refund } from './facts.fixture.ts';
import { MemoryMapper } from './mapper.fixture.ts';

const attributes: readonly AttributeMapping[] = [
  { from: 'additional:gift-wrap', to: 'Gift Wrap', on: 'event', as: 'boolean' },
  { from: 'line.additional:engraving', to: 'Engraving', on: 'line', as: 'text' },
  { from: 'order.payment_type', to: 'Paid By', on: 'profile', as: 'text' },
];
const rules = { policy: policyOf([marketplace('m', { attributes })]), buyerIdKey: BUYER_ID_KEY };
const wrapped = (value: string, type = 'BOOLEAN') => [{ code: 'gift-wrap', type, value }];
const engraved = line({ additionalFields: [{ code: 'engraving', type: 'STRING', value: 'For Eve' }] });

describe('mapped attributes', () => {
  it('stand on every event of the order, on their lines, and in the figures for the profile', () => {
    const mapper = new MemoryMapper(rules);
    const { events, mappings } = mapper.take(
      order({ additionalFields: wrapped('true'), lines: [engraved, line({ lineId: '2' })] }),
      refund('r1'),
    );
    expect(events.map((event) => event.attributes)).toEqual([{ 'Gift Wrap': true }, { 'Gift Wrap': true }]);
    expect(events[0]?.order.lines.map((each) => each.attributes)).toEqual([
      { Engraving: 'For Eve' },
      undefined,
    ]);
    expect(mappings[0]?.figures?.attributes).toEqual({ 'Paid By': 'CARD' });
  });

  it('leave no empty property where there is nothing to map', () => {
    const [placed] = new MemoryMapper(rules).take(order({ paymentType: null })).events;
    expect(placed).not.toHaveProperty('attributes');
    expect(placed?.order.lines[0]).not.toHaveProperty('attributes');
  });

  it('are left out, and told, where the value is not of the type that is asked for', () => {
    const { events, mappings } = new MemoryMapper(rules).take(order({ additionalFields: wrapped('maybe') }));
    expect(events[0]).not.toHaveProperty('attributes');
    expect(mappings[0]?.notConvertible).toMatchObject([{ to: 'Gift Wrap' }]);
  });

  it('stay as they were when the marketplace empties an anonymised order', () => {
    const mapper = new MemoryMapper(rules);
    mapper.take(order({ additionalFields: wrapped('true'), lines: [engraved] }));
    mapper.take(order({ revision: 2, anonymisedAt: at('11:00'), email: null }));
    const [refunded] = mapper.take(refund('r1')).events;
    expect(refunded?.attributes).toEqual({ 'Gift Wrap': true });
    expect(refunded?.order.lines[0]?.attributes).toEqual({ Engraving: 'For Eve' });
  });
});
