import { describe, expect, it } from '@jest/globals';
import { at, line, order } from '../scenarios/facts.fixture.ts';
import { decideSale, type SaleEvidence, showsAccepted } from './decide-sale.ts';

const unseen: SaleEvidence = { seenAccepted: false, hasRefundOrReturn: false };
const decide = (changes: Parameters<typeof order>[0], evidence: Partial<SaleEvidence> = {}) => {
  const decision = decideSale(order({ acceptedAt: null, ...changes }), { ...unseen, ...evidence });
  if (decision.kind === 'sale') return decision.cancelled ? 'cancelled sale' : 'sale';
  return `${decision.kind} ${decision.reason}`;
};

describe('decideSale', () => {
  it.each(['STAGING', 'WAITING_ACCEPTANCE'])('takes %s as not yet a sale', (state) => {
    expect(decide({ state })).toBe('not_yet mapping.awaiting_acceptance');
  });

  it.each([
    'WAITING_DEBIT',
    'WAITING_DEBIT_PAYMENT',
    'SHIPPING',
    'SHIPPED',
    'TO_COLLECT',
    'RECEIVED',
    'CLOSED',
    'WAITING_REFUND',
    'WAITING_REFUND_PAYMENT',
  ])('takes %s as a sale', (state) => {
    expect(decide({ state })).toBe('sale');
  });

  it('takes a refused order as never a sale, also when the decision has a date', () => {
    expect(decide({ state: 'REFUSED' })).toBe('never mapping.refused');
    expect(decide({ state: 'REFUSED', acceptedAt: at('10:16') })).toBe('never mapping.refused');
  });

  it('takes an order that was accepted and refused afterwards as a sale that was cancelled', () => {
    expect(decide({ state: 'REFUSED' }, { seenAccepted: true })).toBe('cancelled sale');
  });

  it('takes an order cancelled before acceptance as never a sale', () => {
    expect(decide({ state: 'CANCELED' })).toBe('never mapping.cancelled_before_acceptance');
  });

  it.each([
    ['the acceptance has a date', { state: 'CANCELED', acceptedAt: at('10:16') }, {}],
    ['we saw it accepted', { state: 'CANCELED' }, { seenAccepted: true }],
    ['a line was shipped', { state: 'CANCELED', lines: [line({ shippedAt: at('11:00') })] }, {}],
    ['a refund was paid', { state: 'CANCELED' }, { hasRefundOrReturn: true }],
  ])('takes an order cancelled after acceptance as a sale: %s', (_name, changes, evidence) => {
    expect(decide(changes, evidence)).toBe('cancelled sale');
  });

  it('leaves an unknown state open, unless the order was a sale before', () => {
    expect(decide({ state: 'FROZEN' })).toBe('not_yet mapping.unknown_state');
    expect(decide({ state: 'FROZEN' }, { seenAccepted: true })).toBe('sale');
  });

  it('takes an order all of whose lines were refused as refused, whatever its own state', () => {
    const lines = [line({ state: 'REFUSED' }), line({ lineId: '2', state: 'REFUSED' })];
    expect(decide({ state: 'RECEIVED', lines })).toBe('never mapping.refused');
    expect(showsAccepted(order({ state: 'RECEIVED', lines }))).toBe(false);
  });

  it('takes an order with one accepted line as a sale', () => {
    const lines = [line({ state: 'REFUSED' }), line({ lineId: '2' })];
    expect(decide({ state: 'SHIPPING', lines })).toBe('sale');
  });

  it('does not let an order without lines pass as refused', () => {
    expect(decide({ state: 'SHIPPING', lines: [] })).toBe('sale');
  });
});
