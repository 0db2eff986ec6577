import { describe, expect, it } from '@jest/globals';
import { BUCKETS } from '@watertight/contracts';
import fc from 'fast-check';
import {
  ingestSaid,
  mapped,
  mapperSaid,
  orderFact,
  sighting,
  verified,
  writerSaid,
} from '../testing.fixture.ts';
import { changeOrders } from './change-orders.ts';
import { contributionsOf, sumContributions } from './contribution.ts';
import { foldOutcome, type Statement } from './fold-outcome.ts';
import { placeOrder } from './place-order.ts';
import { NOTHING_SAID, type Said } from './said.ts';

const KEY = 'm:A-1';

function fold(statements: readonly Statement[]): Said {
  return statements.reduce((said, statement) => foldOutcome(said, KEY, statement), NOTHING_SAID);
}

/** Every kind of statement about one order, with clashes: same revisions, same times, contradictions. */
const anyStatement: fc.Arbitrary<Statement> = (() => {
  const revision = fc.integer({ min: 1, max: 3 });
  const at = fc.constantFrom('2026-03-02T10:00:00Z', '2026-03-02T10:00:00.500Z', '2026-03-03T10:00:00Z');
  const amount = fc.constantFrom(
    null,
    { amount: '49.90', currency: 'EUR' },
    { amount: '7', currency: 'JPY' },
  );
  const contentHash = fc.constantFrom('a'.repeat(64), 'b'.repeat(64));
  const order = fc
    .record({ revision, observedAt: at, amount, contentHash })
    .map((fields): Statement => ({ kind: 'order', fact: orderFact(KEY, fields) }));
  const seen = fc
    .record({ at, amount, contentHash })
    .map((fields): Statement => ({ kind: 'sighting', sighting: sighting(KEY, fields) }));
  const mapper = fc
    .record({
      revision,
      at,
      outcome: fc.constantFrom('mapped', 'uncaptured', 'withheld', 'not_a_sale', 'failed'),
      factId: fc.constantFrom(KEY, `${KEY}:refund:1`),
      eventIds: fc.subarray([`${KEY}:placed`, `${KEY}:refunded:1`]),
    })
    .map((fields): Statement => ({ kind: 'fact', outcome: mapperSaid(KEY, fields) }));
  const writer = fc
    .record({
      revision,
      at,
      outcome: fc.constantFrom('accepted', 'verified', 'failed', 'withheld', 'erased'),
      event: fc.constantFrom('placed', 'refunded:1'),
    })
    .map(({ event, ...fields }): Statement => ({ kind: 'fact', outcome: writerSaid(KEY, event, fields) }));
  const ingest = fc
    .record({ revision, at, outcome: fc.constantFrom('captured', 'failed') })
    .map((fields): Statement => ({ kind: 'fact', outcome: ingestSaid(KEY, fields) }));
  return fc.oneof(order, seen, mapper, writer, ingest);
})();

const statementsTwoWays = fc.array(anyStatement, { maxLength: 12 }).chain((statements) =>
  fc.record({
    statements: fc.constant(statements),
    // Every statement at least once, some more often, in any order.
    shuffled: fc
      .array(fc.nat({ max: Math.max(0, statements.length - 1) }), { maxLength: 8 })
      .chain((repeats) =>
        fc.shuffledSubarray([...statements, ...repeats.flatMap((index) => statements[index] ?? [])], {
          minLength: statements.length + (statements.length === 0 ? 0 : repeats.length),
        }),
      ),
  }),
);

describe('the fold', () => {
  it('gives the same row for any order of arrival and any repeats', () => {
    fc.assert(
      fc.property(statementsTwoWays, ({ statements, shuffled }) => {
        const one = fold(statements);
        const other = fold(shuffled);
        expect(other).toEqual(one);
        expect(placeOrder(KEY, other)).toEqual(placeOrder(KEY, one));
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same row when what was said went through a database in between', () => {
    fc.assert(
      fc.property(
        fc.array(anyStatement, { maxLength: 8 }),
        fc.array(anyStatement, { maxLength: 8 }),
        (first, then) => {
          const stored: Said = JSON.parse(JSON.stringify(reversedKeys(fold(first))));
          const resumed = then.reduce((said, statement) => foldOutcome(said, KEY, statement), stored);
          expect(resumed).toEqual(fold([...first, ...then]));
        },
      ),
    );
  });

  it('returns the very same object when nothing new was said', () => {
    fc.assert(
      fc.property(fc.array(anyStatement, { minLength: 1, maxLength: 10 }), (statements) => {
        const said = fold(statements);
        for (const statement of statements) expect(foldOutcome(said, KEY, statement)).toBe(said);
      }),
    );
  });

  it('puts every captured order into exactly one bucket, with a reason unless it is verified', () => {
    fc.assert(
      fc.property(fc.array(anyStatement, { maxLength: 12 }), (statements) => {
        const place = placeOrder(KEY, fold(statements));
        if (!place.captured) {
          expect(place.bucket).toBeNull();
          return;
        }
        expect(BUCKETS).toContain(place.bucket);
        expect(place.reason === null).toBe(place.bucket === 'verified');
        expect(Number.isNaN(Date.parse(place.since ?? ''))).toBe(false);
        expect(place.createdAt).not.toBeNull();
        expect(place.inSource).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps sums that add up to the orders, whatever the batches were', () => {
    const keys = ['m:A-1', 'm:A-2', 'n:A-1'];
    const batch = fc.array(fc.tuple(fc.constantFrom(...keys), anyStatement), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 5 }), (batches) => {
        const ledger = new Map<string, Said>();
        let sums: ReturnType<typeof sumContributions> = [];
        for (const statements of batches) {
          const byOrder = Map.groupBy(statements, ([key]) => key);
          const changes = changeOrders(
            ledger,
            new Map([...byOrder].map(([key, entries]) => [key, entries.map(([, statement]) => statement)])),
          );
          for (const { orderKey, said } of changes.orders) ledger.set(orderKey, said);
          sums = sumContributions([], [...sums, ...changes.deltas]);
        }
        const fresh = [...ledger].flatMap(([key, said]) => contributionsOf(key, placeOrder(key, said)));
        expect(new Set(sums)).toEqual(new Set(sumContributions([], fresh)));
        const bucketed = sums
          .filter(({ kind }) => kind !== 'source')
          .reduce((total, { orders }) => total + orders, 0);
        const captured = [...ledger].filter(([key, said]) => placeOrder(key, said).captured).length;
        expect(bucketed).toBe(captured);
      }),
    );
  });
});

describe('the place of an order', () => {
  const place = (...statements: Statement[]) => placeOrder(KEY, fold(statements));
  const order: Statement = { kind: 'order', fact: orderFact(KEY) };
  const fact = (outcome: ReturnType<typeof mapped>): Statement => ({ kind: 'fact', outcome });

  it('is nowhere before it is captured, whatever others say of it', () => {
    expect(place(fact(mapped(KEY)), fact(verified(KEY)))).toMatchObject({
      captured: false,
      bucket: null,
      inSource: false,
    });
  });

  it("counts on Mirakl's side once the sweep has seen it", () => {
    const sighted = place({ kind: 'sighting', sighting: sighting(KEY) });
    expect(sighted).toMatchObject({
      captured: false,
      bucket: null,
      inSource: true,
      sourceAmount: { minor: 4990 },
    });
  });

  it('is in flight until the mapper speaks', () => {
    expect(place(order)).toMatchObject({ bucket: 'in_flight', reason: 'mapping.pending' });
  });

  it('is in flight while an event has not been read back, with the reason of the newest word', () => {
    expect(place(order, fact(mapped(KEY)))).toMatchObject({ bucket: 'in_flight', reason: 'klaviyo.pending' });
    const accepted = writerSaid(KEY, 'refunded:1', { outcome: 'accepted', reason: 'klaviyo.accepted' });
    expect(
      place(order, fact(mapped(KEY, ['placed', 'refunded:1'])), fact(verified(KEY)), fact(accepted)),
    ).toMatchObject({
      bucket: 'in_flight',
      reason: 'klaviyo.accepted',
    });
  });

  it("is verified when every event of the mapper's latest word was read back", () => {
    expect(place(order, fact(mapped(KEY)), fact(verified(KEY)))).toMatchObject({
      bucket: 'verified',
      reason: null,
      since: '2026-03-02T10:01:00.000Z',
    });
  });

  it('stays verified when the writer repeats an older or later word', () => {
    const late = writerSaid(KEY, 'placed', { outcome: 'accepted', revision: 9, at: '2026-03-09T00:00:00Z' });
    expect(place(order, fact(mapped(KEY)), fact(verified(KEY)), fact(late)).bucket).toBe('verified');
  });

  it('leaves verified when the mapper makes another event of it', () => {
    const again = mapped(KEY, ['placed', 'refunded:1'], { revision: 2 });
    expect(place(order, fact(mapped(KEY)), fact(verified(KEY)), fact(again)).bucket).toBe('in_flight');
  });

  it('takes failed before withheld before in flight', () => {
    const events = fact(mapped(KEY, ['placed', 'fulfilled', 'refunded:1']));
    const failed = fact(writerSaid(KEY, 'placed', { outcome: 'failed', reason: 'klaviyo.rejected' }));
    const withheld = fact(writerSaid(KEY, 'fulfilled', { outcome: 'withheld', reason: 'policy.no_profile' }));
    expect(place(order, events, withheld)).toMatchObject({ bucket: 'withheld', reason: 'policy.no_profile' });
    expect(place(order, events, withheld, failed)).toMatchObject({
      bucket: 'failed',
      reason: 'klaviyo.rejected',
    });
  });

  it('recovers from failed when a replay succeeds', () => {
    const failed = fact(
      writerSaid(KEY, 'placed', { outcome: 'failed', revision: 1, reason: 'klaviyo.rejected' }),
    );
    const accepted = fact(
      writerSaid(KEY, 'placed', { outcome: 'accepted', revision: 2, reason: 'klaviyo.accepted' }),
    );
    expect(place(order, fact(mapped(KEY)), failed, accepted).bucket).toBe('in_flight');
    expect(place(order, fact(mapped(KEY)), failed, accepted, fact(verified(KEY))).bucket).toBe('verified');
  });

  it('is failed while a refund of it was refused by the mapper, though all that was mapped arrived', () => {
    const lost = mapperSaid(KEY, {
      factId: `${KEY}:refund:1`,
      outcome: 'failed',
      reason: 'contract.invalid_message',
    });
    const healed = mapperSaid(KEY, { factId: `${KEY}:refund:1`, outcome: 'mapped', revision: 2 });
    const arrived = [order, fact(mapped(KEY)), fact(verified(KEY))];
    expect(place(...arrived, fact(lost))).toMatchObject({
      bucket: 'failed',
      reason: 'contract.invalid_message',
    });
    expect(place(...arrived, fact(lost), fact(healed)).bucket).toBe('verified');
  });

  it.each([
    ['uncaptured', 'contact.relay', 'uncaptured_contact'],
    ['withheld', 'policy.deliver_nothing', 'withheld'],
    ['not_a_sale', 'mapping.refused', 'not_a_sale'],
    ['failed', 'contract.invalid_message', 'failed'],
  ] as const)('follows the mapper: %s because of %s is %s', (outcome, reason, bucket) => {
    expect(place(order, fact(mapperSaid(KEY, { outcome, reason })))).toMatchObject({ bucket, reason });
  });

  it('waits in flight for acceptance at the marketplace', () => {
    const waiting = mapperSaid(KEY, {
      outcome: 'mapped',
      reason: 'mapping.awaiting_acceptance',
      eventIds: [],
    });
    expect(place(order, fact(waiting))).toMatchObject({
      bucket: 'in_flight',
      reason: 'mapping.awaiting_acceptance',
    });
  });

  it('is erased once any stage said so, for good', () => {
    const erased = fact(writerSaid(KEY, 'placed', { outcome: 'erased', reason: 'privacy.erased' }));
    const later = fact(mapped(KEY, ['placed'], { revision: 9, at: '2026-05-01T00:00:00Z' }));
    expect(place(order, erased, later, fact(verified(KEY)))).toMatchObject({
      bucket: 'erased',
      reason: 'privacy.erased',
    });
  });

  it('counts an order that cannot be read, with unknown money, in the time Mirakl named', () => {
    const unreadable = ingestSaid(KEY, {
      outcome: 'failed',
      reason: 'source.unparseable',
      orderCreatedAt: '2026-03-01T00:00:00Z',
    });
    expect(place(fact(unreadable))).toMatchObject({
      captured: true,
      bucket: 'failed',
      reason: 'source.unparseable',
      amount: null,
      sourceAmount: null,
      createdAt: '2026-03-01T00:00:00.000Z',
    });
  });

  it('heals an unreadable order by a read at the same time or later, and not by an earlier one', () => {
    const unreadable = fact(
      ingestSaid(KEY, { outcome: 'failed', reason: 'source.unparseable', at: '2026-03-02T11:00:00Z' }),
    );
    const goodAt = (observedAt: string): Statement => ({
      kind: 'order',
      fact: orderFact(KEY, { observedAt }),
    });
    expect(place(unreadable, goodAt('2026-03-02T10:59:59Z')).bucket).toBe('failed');
    expect(place(unreadable, goodAt('2026-03-02T11:00:00Z')).bucket).toBe('in_flight');
  });

  it("takes Mirakl's amount from the sweep when that is newer than what was captured", () => {
    const newer = sighting(KEY, { amount: { amount: '39.90', currency: 'EUR' } });
    const older = sighting(KEY, { amount: { amount: '59.90', currency: 'EUR' }, at: '2026-03-01T00:00:00Z' });
    expect(place(order, { kind: 'sighting', sighting: newer }).sourceAmount?.minor).toBe(3990);
    expect(place(order, { kind: 'sighting', sighting: older }).sourceAmount?.minor).toBe(4990);
  });
});

function reversedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversedKeys(inner)]),
  );
}
