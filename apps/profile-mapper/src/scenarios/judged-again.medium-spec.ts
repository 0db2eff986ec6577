// real: [postgres], double: [kafka publisher]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buyerIdOf } from '@watertight/contracts';
import type { MarketplacePolicy, MarketplacesPolicy } from '@watertight/marketplaces';
import { CoveragePublisher } from '../coverage/publish-coverage.ts';
import { sortOrders } from '../facts/sort-facts.ts';
import { BatchMapper } from '../map-batch.ts';
import { Reevaluator } from '../reevaluate/reevaluator.ts';
import { asked, batch, type MapperOnDatabase, mapperOnDatabase } from './database.fixture.ts';
import { at, BUYER_ID_KEY, eur, marketplace, order, policyOf, refund, tell, word } from './facts.fixture.ts';

let m: MapperOnDatabase;
const ADA = buyerIdOf('ada@example.com', BUYER_ID_KEY);
const EVE = buyerIdOf('eve@example.com', BUYER_ID_KEY);
const RELAY = 'r1.x@notification.mirakl.net';
const contact = { emailFrom: [], use: 'direct_only', relayDomains: [], placeholders: [] } as const;

beforeAll(async () => {
  m = await mapperOnDatabase();
});
beforeEach(() => m.empty());
afterAll(() => m.drop());

/** A replica with a policy of its own, and the background work that goes with it. */
function replicaWith(...marketplaces: readonly MarketplacePolicy[]) {
  return replicaOf(policyOf(marketplaces, { USD: '0.5' }));
}

function replicaOf(policy: MarketplacesPolicy) {
  const mapper = new BatchMapper(m.database, m.publisher, { policy, buyerIdKey: BUYER_ID_KEY }, m.clock);
  const reevaluator = new Reevaluator(m.database, mapper);
  return {
    orders: (...facts: ReturnType<typeof order>[]) => mapper.map(sortOrders(batch(facts)).work),
    notePolicies: () => reevaluator.notePolicies(),
    runAll: async () => {
      let pages = 0;
      while (await reevaluator.runPage()) pages += 1;
      return pages;
    },
    coverage: new CoveragePublisher(m.database, m.publisher, policy, m.clock),
  };
}

const words = () => m.publisher.outcomes.map((outcome) => `${outcome.factId} ${word(outcome)}`);

describe('a changed policy', () => {
  const careful = () => replicaWith(marketplace('m'), marketplace('other'));
  const open = () =>
    replicaWith(marketplace('m', { contact: { ...contact, use: 'direct_and_relay' } }), marketplace('other'));

  it('releases held orders by itself at the next start, with the time they had', async () => {
    const before = careful();
    await before.notePolicies();
    await before.runAll();
    await m.orders(order({ email: RELAY, state: 'RECEIVED' }), order({ orderId: 'A-2' }));
    await m.refunds(refund('r1'));
    m.publisher.clear();
    await before.notePolicies();
    expect(await before.runAll()).toBe(0);
    const after = open();
    await after.notePolicies();
    expect(await after.runAll()).toBeGreaterThan(0);
    expect(tell(m.publisher.events)).toEqual(['placed 49.90', 'fulfilled 49.90', 'refunded:r1 10.00']);
    expect(m.publisher.events[0]).toMatchObject({ occurredAt: at('10:15'), contact: { class: 'relay' } });
    expect(words()).toEqual(['m:A-1 mapped', 'm:A-1:refund:r1 mapped']);
    m.publisher.clear();
    await after.notePolicies();
    expect(await after.runAll()).toBe(0);
  });

  it('is not judged by a replica that still has the policy of before', async () => {
    const [before, after] = [careful(), open()];
    await before.notePolicies();
    await before.runAll();
    await m.orders(order({ email: RELAY }));
    await after.notePolicies();
    expect(await before.runAll()).toBe(0);
    expect(await after.runAll()).toBeGreaterThan(0);
    expect(words().at(-1)).toBe('m:A-1 mapped');
  });

  it('judges more orders than fit into a page, each once, and no other marketplace', async () => {
    const before = careful();
    const held = Array.from({ length: 1_203 }, (_, index) => order({ orderId: `B-${index}`, email: RELAY }));
    await before.orders(...held, order({ marketplaceId: 'other', email: RELAY }));
    m.publisher.clear();
    await m.commands(asked('reevaluate', { marketplaceId: 'm' }));
    expect(m.publisher.messages).toEqual([]);
    expect(await open().runAll()).toBe(3);
    expect(m.publisher.events).toHaveLength(1_203);
    expect(new Set(words()).size).toBe(1_203);
  });

  it('loses nothing when it dies between writing a page and publishing it', async () => {
    const held = Array.from({ length: 600 }, (_, index) => order({ orderId: `B-${index}`, email: RELAY }));
    await careful().orders(...held);
    await m.commands(asked('reevaluate', { marketplaceId: 'm' }));
    m.publisher.clear();
    m.publisher.failure = new Error('killed');
    await expect(open().runAll()).rejects.toThrow('killed');
    m.publisher.failure = undefined;
    await open().runAll();
    const published = new Set(m.publisher.events.map(({ orderKey }) => orderKey));
    expect(published.size).toBe(600);
    expect(new Set(words()).size).toBe(600);
    expect(await open().runAll()).toBe(0);
  });

  it('puts in a rate that was missing: sums are complete, and no event leaves twice', async () => {
    await careful().orders(
      order({ currency: 'SEK', amount: { amount: '100.00', currency: 'SEK' }, lines: [] }),
    );
    expect(words()).toEqual(['m:A-1 mapped mapping.no_rate']);
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ gross: eur('0.00'), amountsComplete: false });
    m.publisher.clear();
    const rated = replicaOf(policyOf([marketplace('m')], { SEK: '0.1' }));
    await rated.notePolicies();
    await rated.runAll();
    expect(words()).toEqual(['m:A-1 mapped']);
    expect(m.publisher.events).toEqual([]);
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ gross: eur('10.00'), amountsComplete: true });
  });
});

describe('an address that turns out to be shared', () => {
  const people = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      const number = from + index;
      const buyer = { firstName: `Person ${'abcdefgh'[number]}`, postalCode: `${number}0000` };
      return order({ orderId: `B-${number}`, email: 'shop@example.com', buyer });
    });
  const guarded = () => replicaWith(marketplace('m', { contact: { ...contact, sharedBy: 3 } }));

  it('holds what comes then, and asks a person about what has left before', async () => {
    const replica = guarded();
    await replica.orders(...people(0, 2));
    expect(words()).toEqual(['m:B-0 mapped', 'm:B-1 mapped']);
    m.publisher.clear();
    await replica.orders(...people(2, 4));
    expect(words()).toEqual(['m:B-2 uncaptured contact.placeholder', 'm:B-3 uncaptured contact.placeholder']);
    m.publisher.clear();
    await replica.runAll();
    expect(words()).toEqual(
      expect.arrayContaining(['m:B-0 mapped contact.shared_address', 'm:B-1 mapped contact.shared_address']),
    );
    expect(m.publisher.events).toEqual([]);
    expect(JSON.stringify(await m.database.query('select people from buyer'))).not.toMatch(/Person|0000/i);
  });

  it('holds all of them when they come in one batch, and again when they are redelivered', async () => {
    const replica = guarded();
    await replica.orders(...people(0, 4));
    await replica.orders(...people(0, 4));
    expect(m.publisher.events).toEqual([]);
    expect(new Set(words())).toEqual(
      new Set([0, 1, 2, 3].map((number) => `m:B-${number} uncaptured contact.placeholder`)),
    );
  });

  it('is one buyer at two marketplaces who each see few people', async () => {
    const replica = replicaWith(
      marketplace('m', { contact: { ...contact, sharedBy: 3 } }),
      marketplace('n', { contact: { ...contact, sharedBy: 3 } }),
    );
    await replica.orders(
      ...people(0, 2),
      ...people(2, 4).map((fact) =>
        order({ ...fact, email: 'shop@example.com', marketplaceId: 'n', orderKey: `n:${fact.orderId}` }),
      ),
    );
    expect(m.publisher.events).toHaveLength(4);
  });
});

describe('a phone number', () => {
  const withPhones = () =>
    replicaWith(marketplace('m', { contact: { ...contact, phone: 'unshared' } }), marketplace('n'));
  const PHONE = '+33612345678';
  const by = (email: string, orderId: string, marketplaceId = 'm') =>
    order({ orderId, marketplaceId, email, buyer: { phone: '06 12 34 56 78', firstName: email } });

  it('is never an identifier unless a marketplace is configured so', async () => {
    await replicaWith(marketplace('m')).orders(by('ada@example.com', 'A-1'));
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ phone: PHONE });
    expect(m.publisher.profiles.get(ADA)).not.toHaveProperty('phoneForKlaviyo');
  });

  it('is one while one buyer alone has it, and taken back from both when a second one comes', async () => {
    const replica = withPhones();
    await replica.orders(by('ada@example.com', 'A-1'));
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ phoneForKlaviyo: PHONE });
    await replica.orders(by('eve@example.com', 'A-2'));
    expect(m.publisher.profiles.get(EVE)).toMatchObject({ phone: PHONE, phoneForKlaviyo: null });
    await replica.runAll();
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ version: 2, phoneForKlaviyo: null });
  });

  it('of a marketplace that does not allow it identifies nobody, and still takes it from another', async () => {
    const replica = withPhones();
    await replica.orders(by('eve@example.com', 'A-2', 'n'));
    expect(m.publisher.profiles.get(EVE)).toMatchObject({ phone: PHONE, phoneForKlaviyo: null });
    await replica.orders(by('ada@example.com', 'A-1'));
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ phoneForKlaviyo: null });
  });

  it('that two replicas bring at once for two buyers is sent for at most one, and in the end for none', async () => {
    for (let round = 0; round < 10; round += 1) {
      await m.empty();
      const [one, two] = [withPhones(), withPhones()];
      await Promise.all([one.orders(by('ada@example.com', 'A-1')), two.orders(by('eve@example.com', 'A-2'))]);
      await one.runAll();
      expect(m.publisher.profiles.get(ADA)).toMatchObject({ phoneForKlaviyo: null });
      expect(m.publisher.profiles.get(EVE)).toMatchObject({ phoneForKlaviyo: null });
    }
  });
});

describe('mapped attributes of a buyer', () => {
  it('are on the profile as the newest sale says that has them', async () => {
    const replica = replicaWith(
      marketplace('m', {
        attributes: [
          { from: 'order.payment_type', to: 'Paid By', on: 'profile', as: 'text' },
          { from: 'additional:club', to: 'Club', on: 'profile', as: 'boolean' },
        ],
      }),
    );
    const club = [{ code: 'club', type: 'BOOLEAN', value: 'true' }];
    await replica.orders(
      order({ orderId: 'A-2', createdAt: at('11:00'), paymentType: 'INVOICE' }),
      order({ additionalFields: club }),
    );
    expect(m.publisher.profiles.get(ADA)?.attributes).toEqual({ Club: true, 'Paid By': 'INVOICE' });
  });
});

describe('coverage', () => {
  const coverageWords = () => m.publisher.words('field_coverage');

  it('says what was seen and mapped nowhere, once per change, each order counted once', async () => {
    const attributes = [{ from: 'additional:gift', to: 'Gift', on: 'event', as: 'boolean' } as const];
    const replica = replicaWith(marketplace('m', { attributes }));
    const fields = [
      { code: 'gift', type: 'BOOLEAN', value: 'true' },
      { code: 'note', type: 'STRING', value: 'For Ada, 12 Rue X' },
    ];
    const facts = [order({ additionalFields: fields }), order({ orderId: 'A-2', additionalFields: fields })];
    await replica.orders(...facts);
    await replica.orders(...facts, order({ revision: 2, additionalFields: fields, state: 'SHIPPED' }));
    await replica.coverage.publish();
    expect(coverageWords()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          field: 'additional:gift',
          value: null,
          mapped: true,
          orders: 2,
          money: eur('99.80'),
        }),
        expect.objectContaining({ field: 'additional:gift', value: 'true', orders: 2 }),
        expect.objectContaining({
          field: 'additional:note',
          value: null,
          mapped: false,
          example: 'Xxx Xxx, 00 Xxx X',
        }),
        expect.objectContaining({ field: 'line.category_label', value: 'Lights', mapped: true }),
      ]),
    );
    expect(JSON.stringify(coverageWords())).not.toMatch(/Rue|Ada/);
    const said = coverageWords().length;
    await replica.coverage.publish();
    expect(coverageWords()).toHaveLength(said);
    await replica.orders(order({ orderId: 'A-3', paymentType: 'INVOICE' }));
    m.publisher.clear();
    await replica.coverage.publish();
    expect(coverageWords().map(({ field, value }) => `${field} ${value}`)).toEqual(
      expect.arrayContaining(['order.payment_type INVOICE', 'order.payment_type null']),
    );
    expect(coverageWords().map(({ field }) => field)).not.toContain('additional:note');
  });

  it('is said again when the mapping changes', async () => {
    const replica = replicaWith(marketplace('m'));
    await replica.notePolicies();
    await replica.orders(order({ paymentType: 'CARD' }));
    await replica.coverage.publish();
    m.publisher.clear();
    const mapped = replicaWith(
      marketplace('m', {
        attributes: [{ from: 'order.payment_type', to: 'Paid By', on: 'event', as: 'text' }],
      }),
    );
    await mapped.notePolicies();
    await mapped.coverage.publish();
    expect(coverageWords()).toContainEqual(
      expect.objectContaining({ field: 'order.payment_type', value: null, mapped: true, orders: 1 }),
    );
  });

  it('raises a mapped field that stops arriving, and says when it is back', async () => {
    const attributes = [{ from: 'additional:gift', to: 'Gift', on: 'event', as: 'text' } as const];
    const replica = replicaWith(marketplace('m', { attributes }));
    const gift = [{ code: 'gift', type: 'STRING', value: 'yes' }];
    const orders = (from: number, to: number, additionalFields: typeof gift) =>
      replica.orders(
        ...Array.from({ length: to - from }, (_, index) =>
          order({ orderId: `C-${from + index}`, additionalFields }),
        ),
      );
    const findings = () => m.publisher.words('finding').map(({ check, result }) => `${check} ${result}`);
    await orders(0, 20, gift);
    await replica.coverage.publish();
    await orders(20, 31, []);
    await replica.coverage.publish();
    expect(findings()).toEqual([]);
    await orders(31, 40, []);
    await replica.coverage.publish();
    await replica.coverage.publish();
    expect(findings()).toEqual(['mapping.field_vanished:additional:gift problem']);
    await orders(40, 41, gift);
    await replica.coverage.publish();
    expect(findings().at(-1)).toBe('mapping.field_vanished:additional:gift ok');
  });

  it('tells no more values of a field apart than its limit', async () => {
    const replica = replicaWith(marketplace('m'));
    await replica.orders(
      ...Array.from({ length: 400 }, (_, index) =>
        order({ orderId: `D-${index}`, paymentType: `P${index}` }),
      ),
    );
    await replica.coverage.publish();
    const rows = await m.database.query('select 1 from field_coverage where field = $1', [
      'order.payment_type',
    ]);
    expect(rows).toHaveLength(301);
  });
});
