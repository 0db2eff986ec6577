import { describe, expect, it } from '@jest/globals';
import { at, cancelation, eur, line, order, refund, returned, tell, word } from './facts.fixture.ts';
import { MemoryMapper } from './mapper.fixture.ts';

describe('an order that lives on', () => {
  it('waits for acceptance, is placed at the time of the order, and is fulfilled once', () => {
    const mapper = new MemoryMapper();
    expect(mapper.take(order({ state: 'WAITING_ACCEPTANCE', acceptedAt: null, email: null })).events).toEqual(
      [],
    );
    const accepted = mapper.take(order({ revision: 2 })).events;
    expect(accepted).toMatchObject([{ type: 'order.placed', occurredAt: at('10:15') }]);
    const shipped = [line({ state: 'SHIPPED', shippedAt: at('11:30') })];
    const sent = mapper.take(
      order({ revision: 3, state: 'SHIPPED', lines: shipped, updatedAt: at('11:31') }),
    ).events;
    expect(sent).toMatchObject([
      { eventId: 'm:A-1:fulfilled', occurredAt: at('11:30'), amount: eur('49.90') },
    ]);
    for (const [revision, state] of [
      [4, 'RECEIVED'],
      [5, 'CLOSED'],
    ] as const) {
      expect(mapper.take(order({ revision, state, updatedAt: at('11:50') })).events).toEqual([]);
    }
  });

  it('is placed and fulfilled at once when it first shows up closed', () => {
    const { events } = new MemoryMapper().take(order({ state: 'CLOSED', updatedAt: at('11:50') }));
    expect(events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['order.placed', at('10:15')],
      ['order.fulfilled', at('11:50')],
    ]);
  });

  it('is returned when the goods are received, not when a return is asked for, refused or called off', () => {
    const mapper = new MemoryMapper();
    const asked = returned('t1', { state: 'IN_PROGRESS', final: false });
    const refused = returned('t2', { state: 'REFUSED', final: true });
    expect(tell(mapper.take(order({ state: 'RECEIVED' }), asked, refused).events)).toEqual([
      'placed 49.90',
      'fulfilled 49.90',
    ]);
    const received = returned('t1', { revision: 2, completedAt: at('11:40') });
    expect(mapper.take(received).events).toMatchObject([
      {
        eventId: 'm:A-1:returned:t1',
        occurredAt: at('11:40'),
        amount: null,
        change: { id: 't1', lineId: '1' },
      },
    ]);
    const closed = returned('t1', { revision: 3, state: 'CLOSED' });
    expect(mapper.take(closed).events).toEqual([]);
  });

  it('stays a sale in a state that is not known, and says so', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const { events, outcomes } = mapper.take(order({ revision: 2, state: 'FROZEN' }));
    expect(events).toEqual([]);
    expect(outcomes.map(word)).toEqual(['mapped mapping.unknown_value']);
  });

  it('waits in a state that is not known when it was never seen accepted', () => {
    const { outcomes } = new MemoryMapper().take(order({ state: 'FROZEN', acceptedAt: null }));
    expect(outcomes.map(word)).toEqual(['mapped mapping.unknown_state']);
    expect(outcomes[0]).toMatchObject({ eventIds: [] });
  });

  it('leaves out lines that the seller refused', () => {
    const lines = [line(), line({ lineId: '2', sku: 'VASE', state: 'REFUSED' })];
    const { events, mappings } = new MemoryMapper().take(order({ lines }));
    expect(events[0]?.order.lines.map(({ sku }) => sku)).toEqual(['LAMP']);
    expect(mappings[0]?.figures?.skus).toEqual(['LAMP']);
  });

  it.each([
    ['fulfilled and untouched', [], true],
    ['a refund is only asked for', [refund('r1', { state: 'WAITING_REFUND', final: false })], false],
    ['something was refunded', [refund('r1')], false],
    ['something was cancelled', [cancelation('c1')], false],
    ['a return is on its way', [returned('t1', { state: 'IN_PROGRESS', final: false })], false],
    ['a return was refused', [returned('t1', { state: 'REFUSED' })], true],
  ])('allows a review request: %s', (_name, changes, allowed) => {
    const { mappings } = new MemoryMapper().take(order({ state: 'RECEIVED' }), ...changes);
    expect(mappings[0]?.figures?.reviewRequestAllowed).toBe(allowed);
  });

  it('allows no review request before it is fulfilled', () => {
    expect(new MemoryMapper().take(order()).mappings[0]?.figures?.reviewRequestAllowed).toBe(false);
  });

  it('says the same word again under the same id, and a new word under a new one', () => {
    const mapper = new MemoryMapper();
    const ids = [order(), order(), order({ revision: 2, state: 'TO_COLLECT' })].map((fact) => {
      mapper.now = new Date(mapper.now.getTime() + 60_000);
      return mapper.take(fact).outcomes[0];
    });
    expect(ids.map((outcome) => outcome?.revision)).toEqual([1, 1, 2]);
    expect(ids[1]).toEqual(ids[0]);
  });

  it('never publishes more than the contract holds', () => {
    const lines = Array.from({ length: 4_000 }, (_, index) =>
      line({ lineId: String(index), title: `A lamp with a name of some length, number ${index} `.repeat(2) }),
    );
    const { events, outcomes } = new MemoryMapper().take(order({ lines }));
    expect(events).toEqual([]);
    expect(outcomes.map(word)).toEqual(['failed contract.message_too_large']);
  });
});
