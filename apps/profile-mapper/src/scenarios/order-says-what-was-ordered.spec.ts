import { describe, expect, it } from '@jest/globals';
import { at, cancelation, eur, line, order, tell } from './facts.fixture.ts';
import { MemoryMapper } from './mapper.fixture.ts';

/** An order as a source tells it that says what was ordered, before cancelations. */
const ordered = (amount: string, changes: Parameters<typeof order>[0] = {}) => {
  const lines = [{ ...line({ state: 'CANCELED', quantity: 1, amount: eur('24.95') }), quantityOrdered: 2 }];
  return { ...order({ amount: eur(amount), lines, ...changes }), amountOrdered: eur('49.90') };
};
const part = cancelation('c1', { amount: eur('24.95') });

describe('an order that says what was ordered', () => {
  it('is placed with it, although its cancelation has not come yet', () => {
    const mapper = new MemoryMapper();
    const { events } = mapper.take(ordered('24.95'));
    expect(tell(events)).toEqual(['placed 49.90']);
    expect(events[0]?.order.lines).toMatchObject([{ quantity: 2, amount: eur('49.90') }]);
    expect(tell(mapper.take(part).events)).toEqual(['cancelled:c1 24.95']);
  });

  it('waits for the cancelations that it announces when it is cancelled as a whole', () => {
    const mapper = new MemoryMapper();
    const gone = ordered('0.00', { state: 'CANCELED', updatedAt: at('11:30') });
    expect(tell(mapper.take(gone).events)).toEqual(['placed 49.90']);
    expect(tell(mapper.take(cancelation('c1', { amount: eur('49.90') })).events)).toEqual([
      'cancelled:c1 49.90',
    ]);
  });

  it('cancels at once what no cancelation will cover', () => {
    const mapper = new MemoryMapper();
    const gone = ordered('24.95', { state: 'CANCELED', updatedAt: at('11:30') });
    expect(tell(mapper.take(gone).events)).toEqual(['placed 49.90', 'cancelled:all 24.95']);
    expect(tell(mapper.take(part).events)).toEqual(['cancelled:c1 24.95']);
  });
});
