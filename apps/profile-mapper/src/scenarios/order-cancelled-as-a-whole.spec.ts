import { describe, expect, it } from '@jest/globals';
import { at, cancelation, eur, line, order, refund, tell, word } from './facts.fixture.ts';
import { MemoryMapper } from './mapper.fixture.ts';

const gone = [line({ state: 'CANCELED', quantity: 0, amount: eur('0.00') })];
const cancelledOrder = (changes: Parameters<typeof order>[0] = {}) =>
  order({
    revision: 2,
    state: 'CANCELED',
    observedAt: at('13:00'),
    updatedAt: at('12:59'),
    lines: gone,
    ...changes,
  });

/** What all cancelled events together take away, in cents. */
function cancelledInSum(mapper: MemoryMapper): number {
  const stored = mapper.orders.get('m:A-1');
  return Object.entries(stored?.memory.emitted ?? {})
    .filter(([eventId]) => eventId.includes(':cancelled:'))
    .reduce((sum, [, minor]) => sum + (minor ?? 0), 0);
}

describe('an order that ends cancelled after it was accepted', () => {
  it('is cancelled by its cancelations alone when they cover it', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const { events } = mapper.take(
      cancelledOrder({ amount: eur('0.00') }),
      cancelation('c1', { observedAt: at('13:00'), amount: eur('20.00') }),
      cancelation('c2', { observedAt: at('13:00'), amount: eur('29.90'), createdAt: at('11:30') }),
    );
    expect(tell(events)).toEqual(['cancelled:c1 20.00', 'cancelled:c2 29.90']);
    expect(cancelledInSum(mapper)).toBe(4_990);
  });

  it('is cancelled as a whole when there is no cancelation, whether or not its amount was lowered', () => {
    for (const amount of [eur('49.90'), eur('0.00')]) {
      const mapper = new MemoryMapper();
      mapper.take(order());
      const { events } = mapper.take(cancelledOrder({ amount, stateReason: 'BUYER' }));
      expect(events).toMatchObject([
        {
          eventId: 'm:A-1:cancelled:all',
          occurredAt: at('12:59'),
          amount: eur('49.90'),
          change: { id: 'all', lineId: null, reasonCode: 'BUYER', runningTotal: eur('49.90') },
        },
      ]);
    }
  });

  it('cancels the remainder where cancelations cover a part', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const part = cancelation('c1', { observedAt: at('12:30'), amount: eur('20.00') });
    mapper.take(order({ revision: 2, observedAt: at('12:30'), amount: eur('29.90') }), part);
    const { events } = mapper.take(cancelledOrder({ revision: 3, amount: eur('29.90') }));
    expect(tell(events)).toEqual(['cancelled:all 29.90']);
    expect(cancelledInSum(mapper)).toBe(4_990);
  });

  it('cancels nothing twice when the cancelation comes after the order it belongs to', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    expect(tell(mapper.take(cancelledOrder({ amount: eur('0.00') })).events)).toEqual([
      'cancelled:all 49.90',
    ]);
    const late = cancelation('c1', { observedAt: at('13:00'), amount: eur('49.90') });
    const { events, outcomes } = mapper.take(late);
    expect(events).toEqual([]);
    expect(outcomes.map(word)).toEqual(['mapped', 'mapped']);
    expect(cancelledInSum(mapper)).toBe(4_990);
  });

  it('tells a late cancelation as far as it exceeds what was cancelled as a whole', () => {
    const mapper = new MemoryMapper();
    // Seen for the first time when everything was over: its worth is only known with the cancelation.
    mapper.take(cancelledOrder({ amount: eur('9.90') }));
    const late = cancelation('c1', { observedAt: at('13:00'), amount: eur('40.00') });
    expect(tell(mapper.take(late).events)).toEqual(['cancelled:c1 40.00']);
    expect(cancelledInSum(mapper)).toBe(4_990);
  });

  it('says the same when everything is delivered again', () => {
    const mapper = new MemoryMapper();
    const late = cancelation('c1', { observedAt: at('13:00'), amount: eur('49.90') });
    mapper.take(order());
    mapper.take(cancelledOrder({ amount: eur('0.00') }));
    mapper.take(late);
    const again = mapper.take(cancelledOrder({ amount: eur('0.00') }), late);
    expect(tell(again.events)).toEqual(['placed 49.90', 'cancelled:all 49.90']);
    expect(cancelledInSum(mapper)).toBe(4_990);
  });

  it('adds nothing to what its buyer bought, and allows no review request', () => {
    const mapper = new MemoryMapper();
    const { mappings } = mapper.take(
      cancelledOrder({ amount: eur('0.00') }),
      cancelation('c1', { amount: eur('49.90') }),
    );
    expect(mappings[0]?.figures).toMatchObject({
      grossMinor: 4_990,
      cancelledMinor: 4_990,
      skus: [],
      reviewRequestAllowed: false,
      lastCancelAt: at('12:59'),
    });
  });
});

describe('an order that never became a sale', () => {
  it('gives no event when it was cancelled before acceptance', () => {
    const mapper = new MemoryMapper();
    expect(word(mapper.take(order({ state: 'WAITING_ACCEPTANCE', acceptedAt: null })).outcomes[0])).toBe(
      'mapped mapping.awaiting_acceptance',
    );
    const { events, outcomes } = mapper.take(cancelledOrder({ acceptedAt: null }));
    expect(events).toEqual([]);
    expect(outcomes.map(word)).toEqual(['not_a_sale mapping.cancelled_before_acceptance']);
  });

  it('gives no event when it was refused', () => {
    const { events, outcomes } = new MemoryMapper().take(order({ state: 'REFUSED' }));
    expect(events).toEqual([]);
    expect(outcomes.map(word)).toEqual(['not_a_sale mapping.refused']);
  });

  it('takes its buyer event back when it is refused after it was accepted', () => {
    const mapper = new MemoryMapper();
    mapper.take(order({ state: 'WAITING_DEBIT' }));
    const { events } = mapper.take(order({ revision: 2, state: 'REFUSED', observedAt: at('13:00') }));
    expect(tell(events)).toEqual(['cancelled:all 49.90']);
  });

  it('turns out to have been one when a stale fact shows it accepted', () => {
    const mapper = new MemoryMapper();
    mapper.take(cancelledOrder({ revision: 3, acceptedAt: null }));
    const { events, outcomes } = mapper.take(order({ revision: 2 }));
    expect(tell(events)).toEqual(['placed 49.90', 'cancelled:all 49.90']);
    expect(outcomes.map(word)).toEqual(['mapped']);
  });

  it('turns out to have been one when money was paid back for it', () => {
    const mapper = new MemoryMapper();
    mapper.take(cancelledOrder({ acceptedAt: null, amount: eur('49.90') }));
    expect(tell(mapper.take(refund('r1')).events)).toEqual([
      'placed 49.90',
      'refunded:r1 10.00',
      'cancelled:all 49.90',
    ]);
  });
});
