import { describe, expect, it } from '@jest/globals';
import { buyerIdOf } from '@watertight/contracts';
import { at, BUYER_ID_KEY, eur, order, refund, tell, word } from './facts.fixture.ts';
import { claim, MemoryMapper } from './mapper.fixture.ts';

const RELAY = 'r1.x@notification.mirakl.net';
const ADA = buyerIdOf('ada@example.com', BUYER_ID_KEY);

describe('contact and policy', () => {
  it.each([
    ['m', 'ada@example.com', 'mapped'],
    ['m', RELAY, 'uncaptured contact.relay'],
    ['m', 'not an address', 'uncaptured contact.malformed'],
    ['m', null, 'uncaptured contact.absent'],
    ['m', '', 'uncaptured contact.absent'],
    ['relayed', RELAY, 'mapped'],
    ['unused', 'ada@example.com', 'withheld policy.contact_not_used'],
    ['silent', 'ada@example.com', 'withheld policy.deliver_nothing'],
    ['elsewhere', 'ada@example.com', 'withheld policy.unknown_marketplace'],
  ])('at %s the address %s makes an order %s', (marketplaceId, email, expected) => {
    const { events, outcomes } = new MemoryMapper().take(order({ marketplaceId, email }));
    expect(outcomes.map(word)).toEqual([expected]);
    expect(events.length).toBe(expected === 'mapped' ? 1 : 0);
  });

  it('takes one buyer for every way of writing one address, and another for a plus tag', () => {
    const ids = ['ada@example.com', ' ADA@Example.com ', 'ada+shop@example.com'].map(
      (email) => new MemoryMapper().take(order({ email })).events[0]?.buyerId,
    );
    expect(ids[0]).toBe(ADA);
    expect(ids[1]).toBe(ADA);
    expect(ids[2]).not.toBe(ADA);
  });

  it('gives the events with their own time when the address comes later from Mirakl', () => {
    const mapper = new MemoryMapper();
    mapper.take(order({ email: RELAY, state: 'RECEIVED' }), refund('r1'));
    const { events, outcomes } = mapper.take(order({ revision: 2, state: 'RECEIVED' }));
    expect(tell(events)).toEqual(['placed 49.90', 'fulfilled 49.90', 'refunded:r1 10.00']);
    expect(events[0]).toMatchObject({
      occurredAt: at('10:15'),
      contact: { class: 'direct', source: 'mirakl' },
    });
    expect(outcomes[0]).toMatchObject({ outcome: 'mapped', revision: 2 });
  });

  it('gives them when a person claims an address', () => {
    const mapper = new MemoryMapper();
    mapper.take(order({ email: RELAY }));
    const { events, outcomes } = mapper.take(claim('Ada@example.com'));
    expect(events).toMatchObject([
      { buyerId: ADA, occurredAt: at('10:15'), contact: { email: 'ada@example.com', source: 'claim' } },
    ]);
    expect(outcomes.map(word)).toEqual(['mapped']);
  });

  it('regression: says of a refund too that its order is recovered, with a later word', () => {
    const mapper = new MemoryMapper();
    const [, held] = mapper.take(order({ email: RELAY }), refund('r1')).outcomes;
    const [, recovered] = mapper.take(claim('ada@example.com')).outcomes;
    expect([held, recovered].map(word)).toEqual(['uncaptured contact.relay', 'mapped']);
    expect(recovered).toMatchObject({ factId: 'm:A-1:refund:r1', eventIds: ['m:A-1:refunded:r1'] });
    expect(recovered?.revision).toBeGreaterThan(held?.revision ?? Infinity);
  });

  it('keeps a claim that comes before its order', () => {
    const mapper = new MemoryMapper();
    expect(mapper.take(claim('ada@example.com')).outcomes).toEqual([]);
    expect(mapper.take(order({ email: null })).events).toMatchObject([{ buyerId: ADA }]);
  });

  it('stays with the first buyer when the address at Mirakl changes after an event has left', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const moved = mapper.take(order({ revision: 2, email: 'eve@example.com', buyer: { firstName: 'Eve' } }));
    expect(moved.events).toEqual([]);
    expect(moved.outcomes[0]?.detail).toContain('has changed');
    expect(moved.outcomes[0]?.detail).not.toContain('@');
    const { events } = mapper.take(refund('r1'));
    expect(events).toMatchObject([{ buyerId: ADA, contact: { email: 'ada@example.com' } }]);
    expect(mapper.orders.get('m:A-1')?.memory.buyer?.person.firstName).toBe('Ada');
  });

  it('asks a person when the address at Mirakl changes after an event has left, until it is the first one again', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const said = (revision: number, email: string | null) =>
      mapper.take(order({ revision, email })).outcomes.map(word);
    expect(said(2, 'eve@example.com')).toEqual(['mapped contact.changed_after_delivery']);
    expect(said(3, 'ada@example.com')).toEqual(['mapped']);
    expect(said(4, RELAY)).toEqual(['mapped']);
    expect(said(5, null)).toEqual(['mapped']);
  });

  it('asks a person when a claim contradicts the address that events have left for', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const contradicted = mapper.take(claim('eve@example.com', { requestedAt: at('13:00') }));
    expect(contradicted.events).toEqual([]);
    expect(contradicted.outcomes.map(word)).toEqual(['mapped contact.claim_contradicts']);
    expect(JSON.stringify(contradicted.outcomes)).not.toContain('@');
    expect(mapper.take(refund('r1')).events).toMatchObject([{ buyerId: ADA }]);
    const settled = mapper.take(claim('ada@example.com', { requestedAt: at('14:00') }));
    expect(settled.outcomes.map(word)).toEqual(['mapped', 'mapped']);
    expect(mapper.take(order({ revision: 2, email: 'eve@example.com' })).outcomes.map(word)).toEqual([
      'mapped',
    ]);
  });

  it('holds an order whose address stands for many people, and asks a person about those that have left', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    mapper.shared.add(ADA);
    expect(mapper.take(order({ orderId: 'A-2' })).outcomes).toMatchObject([
      { outcome: 'uncaptured', reason: 'contact.placeholder', contactClass: 'placeholder' },
    ]);
    expect(mapper.take(order({ revision: 2 })).outcomes.map(word)).toEqual(['mapped contact.shared_address']);
    const claimed = mapper.take(claim('bob@example.com', { orderKey: 'm:A-2' }));
    expect(claimed.events).toMatchObject([{ contact: { email: 'bob@example.com', source: 'claim' } }]);
  });

  it.each([
    ['direct', order(), 'direct', 'FR', ADA],
    ['relay', order({ email: RELAY }), 'relay', 'FR', undefined],
    [
      'absent, country as text',
      order({ email: null, buyer: { countryCode: null } }),
      'absent',
      'France',
      undefined,
    ],
    ['withheld', order({ marketplaceId: 'silent' }), 'direct', 'FR', undefined],
  ])(
    'says with its word the class of the contact and the country: %s',
    (_name, fact, contactClass, country, buyerId) => {
      const [said] = new MemoryMapper().take(fact).outcomes;
      expect(said).toMatchObject({ contactClass, country });
      expect(said?.buyerId).toBe(buyerId);
    },
  );

  it('keeps the class that an order was delivered by when its buyer is anonymised later', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const { outcomes } = mapper.take(order({ revision: 2, email: null, anonymisedAt: at('11:00') }));
    expect(outcomes).toMatchObject([
      { outcome: 'mapped', contactClass: 'direct', buyerId: ADA, revision: 1 },
    ]);
  });

  it('takes the other buyer while nothing has left yet', () => {
    const mapper = new MemoryMapper();
    mapper.take(order({ state: 'WAITING_ACCEPTANCE', acceptedAt: null, email: 'eve@example.com' }));
    expect(mapper.take(order({ revision: 2 })).events).toMatchObject([{ buyerId: ADA }]);
  });

  it('keeps the buyer and what is known of the person when the marketplace blanks the order', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    const blank = {
      firstName: null,
      lastName: null,
      city: null,
      postalCode: null,
      countryCode: null,
      country: null,
    };
    const { outcomes } = mapper.take(order({ revision: 2, email: null, buyer: blank }));
    expect(outcomes.map(word)).toEqual(['mapped']);
    expect(mapper.orders.get('m:A-1')?.memory.buyer).toMatchObject({
      buyerId: ADA,
      person: { firstName: 'Ada', city: 'Lyon' },
    });
  });

  it('makes no buyer of an anonymised order, and keeps the one it had', () => {
    const anonymised = { anonymisedAt: at('11:00'), buyer: { firstName: 'Anonymous' } };
    const unknown = new MemoryMapper().take(order({ ...anonymised, email: 'anonymous@example.com' }));
    expect(unknown.outcomes.map(word)).toEqual(['uncaptured contact.anonymised']);
    const mapper = new MemoryMapper();
    mapper.take(order());
    const { outcomes } = mapper.take(order({ ...anonymised, revision: 2, email: null }));
    expect(outcomes.map(word)).toEqual(['mapped']);
    expect(mapper.orders.get('m:A-1')?.fact?.buyer.firstName).toBe('Ada');
  });

  it('knows the reporting amount by the rate table, and never adds what has no rate', () => {
    const dollars = (amount: string) => ({ amount, currency: 'USD' });
    const usd = new MemoryMapper().take(order({ currency: 'USD', amount: dollars('49.90'), lines: [] }));
    expect(usd.events).toMatchObject([{ amount: dollars('49.90'), amountReporting: eur('24.95') }]);
    const yen = new MemoryMapper().take(
      order({ currency: 'JPY', amount: { amount: '4990', currency: 'JPY' }, lines: [] }),
    );
    expect(yen.events).toMatchObject([{ amountReporting: null }]);
    expect(yen.outcomes.map(word)).toEqual(['mapped mapping.no_rate']);
    expect(yen.mappings[0]?.figures).toMatchObject({ grossMinor: null, complete: false });
  });

  it('keeps an order whose amount cannot be read as a sale of unknown amount', () => {
    const { events, mappings, outcomes } = new MemoryMapper().take(order({ amount: null }));
    expect(tell(events)).toEqual(['placed unknown']);
    expect(outcomes.map(word)).toEqual(['mapped']);
    expect(mappings[0]?.figures).toMatchObject({ grossMinor: null, complete: false });
  });

  it('keeps a refund that comes before its order, says so, and applies it when the order comes', () => {
    const mapper = new MemoryMapper();
    const early = mapper.take(refund('r1'));
    expect(early.events).toEqual([]);
    expect(early.outcomes).toMatchObject([
      { factId: 'm:A-1:refund:r1', outcome: 'captured', reason: 'mapping.awaiting_order', revision: 1_000 },
    ]);
    const { events, outcomes } = mapper.take(order());
    expect(tell(events)).toEqual(['placed 49.90', 'refunded:r1 10.00']);
    expect(outcomes).toMatchObject([
      { factId: 'm:A-1', outcome: 'mapped' },
      { factId: 'm:A-1:refund:r1', outcome: 'mapped', revision: 1_001, eventIds: ['m:A-1:refunded:r1'] },
    ]);
  });
});

describe('an erased buyer', () => {
  it('is not brought back by a replay, a new order, another address or a claim', () => {
    const mapper = new MemoryMapper();
    mapper.take(order({ email: RELAY }), claim('ada@example.com'));
    mapper.erase('ada@example.com');
    const erased = mapper.take(order({ revision: 2, email: RELAY }));
    expect(erased.events).toEqual([]);
    expect(erased.outcomes.map(word)).toEqual(['erased privacy.erased']);
    expect(mapper.orders.get('m:A-1')).toMatchObject({
      fact: null,
      changes: [],
      claim: null,
      erased: { buyerId: ADA },
    });
    for (const fact of [
      order(),
      order({ revision: 3, email: 'eve@example.com' }),
      refund('r1'),
      claim('eve@example.com'),
    ]) {
      const told = mapper.take(fact);
      expect(told.events).toEqual([]);
      expect(word(told.outcomes[0])).toBe('erased privacy.erased');
      expect(JSON.stringify(mapper.orders.get('m:A-1'))).not.toMatch(/@|Ada|Lyon/);
    }
    const next = mapper.take(order({ orderId: 'A-2' }));
    expect(next.outcomes.map(word)).toEqual(['erased privacy.erased']);
    expect(JSON.stringify(mapper.orders.get('m:A-2'))).not.toMatch(/@|Ada|Lyon/);
  });

  it('regression: has a word also on a refund that comes, or comes again, for an erased order', () => {
    const mapper = new MemoryMapper();
    mapper.take(order(), refund('r1'));
    mapper.erase('ada@example.com');
    for (const id of ['r1', 'r2']) {
      const { outcomes } = mapper.take(refund(id));
      expect(outcomes.map(({ factId }) => factId)).toEqual(['m:A-1', `m:A-1:refund:${id}`]);
      expect(outcomes.map(word)).toEqual(['erased privacy.erased', 'erased privacy.erased']);
      expect(mapper.orders.get('m:A-1')).toMatchObject({ fact: null, changes: [] });
    }
  });

  it('leaves no address on an order that is another buyer’s', () => {
    const mapper = new MemoryMapper();
    mapper.take(order());
    mapper.erase('eve@example.com');
    const { outcomes } = mapper.take(
      order({ revision: 2, email: 'eve@example.com', buyer: { firstName: 'Eve' } }),
    );
    expect(outcomes.map(word)).toEqual(['mapped']);
    expect(JSON.stringify(mapper.orders.get('m:A-1'))).not.toMatch(/eve@|Eve"/);
  });
});
