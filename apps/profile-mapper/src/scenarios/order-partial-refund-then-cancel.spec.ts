import { describe, expect, it } from '@jest/globals';
import { at, cancelation, eur, line, order, refund, tell, word } from './facts.fixture.ts';
import { MemoryMapper } from './mapper.fixture.ts';

const cancelledLine = [
  line({ state: 'CANCELED', quantity: 1, unitPrice: eur('24.95'), amount: eur('24.95') }),
];

describe('an order, partly refunded, then partly cancelled', () => {
  it('gives each thing that happened once, under its own id', () => {
    const mapper = new MemoryMapper();
    expect(tell(mapper.take(order()).events)).toEqual(['placed 49.90']);
    expect(tell(mapper.take(refund('r1', { amount: eur('5.00') })).events)).toEqual(['refunded:r1 5.00']);
    const later = order({ revision: 2, observedAt: at('13:00'), amount: eur('24.95'), lines: cancelledLine });
    const cancelled = cancelation('c1', { observedAt: at('13:00'), amount: eur('24.95') });
    expect(tell(mapper.take(later, cancelled).events)).toEqual(['cancelled:c1 24.95']);
    expect(mapper.take(refund('r2', { amount: eur('2.50'), createdAt: at('11:30') })).events).toMatchObject([
      { eventId: 'm:A-1:refunded:r2', change: { id: 'r2', runningTotal: eur('7.50') } },
    ]);
  });

  it('says which events must be verified, all of them, whatever came last', () => {
    const mapper = new MemoryMapper();
    mapper.take(order(), refund('r1'));
    const { outcomes } = mapper.take(cancelation('c1'));
    expect(outcomes[0]).toMatchObject({
      factId: 'm:A-1',
      outcome: 'mapped',
      reason: null,
      revision: 2,
      eventIds: ['m:A-1:cancelled:c1', 'm:A-1:placed', 'm:A-1:refunded:r1'],
    });
    expect(outcomes[1]).toMatchObject({ factId: 'm:A-1:cancelation:c1', eventIds: ['m:A-1:cancelled:c1'] });
  });

  it('places the order with what was ordered, although its cancelation is known already', () => {
    const mapper = new MemoryMapper();
    const now = order({ amount: eur('24.95'), lines: cancelledLine });
    const { events } = mapper.take(now, cancelation('c1', { amount: eur('24.95') }));
    expect(tell(events)).toEqual(['placed 49.90', 'cancelled:c1 24.95']);
    expect(events[0]?.order.lines).toMatchObject([
      { eventId: 'm:A-1:line:1', sku: 'LAMP', quantity: 2, amount: eur('49.90') },
    ]);
  });

  it('does not add a cancelation that Mirakl said after the order to the amount of before', () => {
    const mapper = new MemoryMapper();
    const cancelled = cancelation('c1', { observedAt: at('13:00'), amount: eur('24.95') });
    // The cancelation overtakes the order's newer fact, as it may: they come over two topics.
    mapper.take(cancelled);
    expect(tell(mapper.take(order({ observedAt: at('12:00') })).events)).toEqual([
      'placed 49.90',
      'cancelled:c1 24.95',
    ]);
    const later = order({ revision: 2, observedAt: at('13:00'), amount: eur('24.95'), lines: cancelledLine });
    expect(mapper.take(later).mappings[0]?.events[0]?.amount).toEqual(eur('49.90'));
  });

  it('counts only money that has been paid back', () => {
    const mapper = new MemoryMapper();
    const asked = refund('r1', { state: 'WAITING_REFUND', final: false });
    expect(tell(mapper.take(order(), asked).events)).toEqual(['placed 49.90']);
    const paid = refund('r1', { revision: 2, observedAt: at('14:00'), completedAt: at('13:30') });
    expect(mapper.take(paid).events).toMatchObject([
      { eventId: 'm:A-1:refunded:r1', occurredAt: at('13:30'), amount: eur('10.00') },
    ]);
  });

  it('does not believe a time of payment that lies before the refund or after the answer', () => {
    const mapper = new MemoryMapper();
    const early = refund('r1', { completedAt: at('10:00') });
    const late = refund('r2', { completedAt: at('15:00') });
    const times = mapper.take(order(), early, late).events.map(({ occurredAt }) => occurredAt);
    expect(times).toEqual([at('10:15'), at('11:00'), at('11:00')]);
  });

  it('keeps a refund with no amount as an event, and the running total as it was', () => {
    const mapper = new MemoryMapper();
    const { events } = mapper.take(
      order(),
      refund('r1'),
      refund('r2', { amount: null, createdAt: at('11:30') }),
    );
    expect(events[2]).toMatchObject({
      amount: null,
      amountReporting: null,
      change: { runningTotal: eur('10.00') },
    });
    expect(word(mapper.take(order({ revision: 2 })).outcomes[0])).toBe('mapped');
  });
});
