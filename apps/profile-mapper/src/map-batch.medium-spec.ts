// real: [postgres], double: [kafka publisher]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buyerIdOf, type OrderFact } from '@watertight/contracts';
import { RetryableError } from '@watertight/service';
import { sortCommands } from './commands/sort-commands.ts';
import { sortOrders } from './facts/sort-facts.ts';
import {
  asked,
  batch,
  type MapperOnDatabase,
  mapperOnDatabase,
  RecordingPublisher,
} from './scenarios/database.fixture.ts';
import {
  at,
  BUYER_ID_KEY,
  cancelation,
  eur,
  line,
  order,
  refund,
  tell,
  word,
} from './scenarios/facts.fixture.ts';

let m: MapperOnDatabase;
const ADA = buyerIdOf('ada@example.com', BUYER_ID_KEY);
const RELAY = 'r1.x@notification.mirakl.net';

beforeAll(async () => {
  m = await mapperOnDatabase();
});
beforeEach(() => m.empty());
afterAll(() => m.drop());

const stored = async () => ({
  facts: await m.database.query(
    'select order_key, fact, memory, buyer_id, outcome from order_fact order by 1',
  ),
  changes: await m.database.query('select * from change_fact order by 1'),
  sales: await m.database.query('select * from sale order by 1'),
  buyers: await m.database.query('select * from buyer order by 1'),
});

describe('a batch', () => {
  it('becomes rows, buyer events with the profile in them, profiles and outcomes', async () => {
    await m.orders(order(), order({ orderId: 'A-2', createdAt: at('10:30'), amount: eur('10.10') }));
    expect(tell(m.publisher.events)).toEqual(['placed 49.90', 'placed 10.10']);
    expect(m.publisher.events[1]).toMatchObject({
      buyerId: ADA,
      publishedAt: '2026-03-02T08:00:00.000Z',
      profile: { version: 1, orders: 2, gross: eur('60.00'), averageOrder: eur('30.00'), net: eur('60.00') },
    });
    expect(m.publisher.profiles.get(ADA)).toEqual({
      buyerId: ADA,
      version: 1,
      email: 'ada@example.com',
      contactClass: 'direct',
      firstName: 'Ada',
      lastName: 'Example',
      locale: 'fr-FR',
      country: 'FR',
      region: null,
      city: 'Lyon',
      postalCode: '69001',
      phone: null,
      orders: 2,
      gross: eur('60.00'),
      refunded: eur('0.00'),
      net: eur('60.00'),
      averageOrder: eur('30.00'),
      amountsComplete: true,
      firstOrderAt: '2026-03-01T10:15:00.000Z',
      lastOrderAt: '2026-03-01T10:30:00.000Z',
      lastOrderAmount: eur('10.10'),
      skus: ['LAMP'],
      productTitles: ['Lamp'],
      refundedSkus: [],
      channels: ['Channel m'],
      countries: ['FR'],
      marketplaces: ['m'],
      lastChannel: 'Channel m',
      lastRefundAt: null,
      lastCancelAt: null,
      reviewRequestAllowed: false,
      updatedAt: '2026-03-02T08:00:00.000Z',
    });
    expect(m.publisher.outcomes.map(word)).toEqual(['mapped', 'mapped']);
  });

  it('that comes again gives the same rows, the same messages and the same versions', async () => {
    const facts = [order({ state: 'RECEIVED' }), order({ orderId: 'A-2', email: RELAY })];
    await m.refunds(refund('r1'));
    m.publisher.clear();
    await m.orders(...facts);
    const first = { rows: await stored(), messages: m.publisher.told };
    m.publisher.clear();
    await m.orders(...facts);
    expect(await stored()).toEqual(first.rows);
    expect(m.publisher.told).toEqual(first.messages);
  });

  it('is published in full when it died between the database and the brokers', async () => {
    m.publisher.failure = new RetryableError('no broker');
    await expect(m.orders(order())).rejects.toThrow('no broker');
    m.publisher.failure = undefined;
    await m.orders(order());
    expect(tell(m.publisher.events)).toEqual(['placed 49.90']);
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ version: 1 });
    expect(m.publisher.outcomes.map(word)).toEqual(['mapped']);
  });

  it('says only what is new when an order changes', async () => {
    await m.orders(order());
    m.publisher.clear();
    await m.orders(order({ revision: 2, state: 'SHIPPED', updatedAt: at('11:00') }));
    expect(tell(m.publisher.events)).toEqual(['fulfilled 49.90']);
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ version: 2, reviewRequestAllowed: true });
    m.publisher.clear();
    await m.orders(order({ revision: 3, state: 'TO_COLLECT', updatedAt: at('11:10') }));
    expect(m.publisher.events).toEqual([]);
    expect(m.publisher.profiles.size).toBe(0);
  });

  it('never lets a stale fact replace a newer one', async () => {
    await m.orders(order({ revision: 3, state: 'SHIPPED', amount: eur('40.00') }));
    await m.orders(order({ revision: 2, amount: eur('49.90') }));
    const [row] = await m.database.query<{ fact: OrderFact }>('select fact from order_fact');
    expect(row?.fact).toMatchObject({ revision: 3, state: 'SHIPPED' });
  });

  it('gives a buyer of two marketplaces one profile', async () => {
    await m.orders(
      order({ lines: [line({ sku: 'OLD' })] }),
      order({
        marketplaceId: 'relayed',
        createdAt: at('11:00'),
        lines: [line({ sku: 'NEW', title: 'Vase' })],
        buyer: { countryCode: 'DEU', city: null, firstName: null },
      }),
    );
    expect(m.publisher.profiles.get(ADA)).toMatchObject({
      skus: ['NEW', 'OLD'],
      productTitles: ['Vase', 'Lamp'],
      channels: ['Channel m', 'Channel relayed'],
      countries: ['DE', 'FR'],
      marketplaces: ['m', 'relayed'],
      lastChannel: 'Channel relayed',
      firstName: 'Ada',
      country: 'DE',
    });
  });

  it('lowers net by refunds and cancelations', async () => {
    await m.orders(order({ state: 'RECEIVED' }));
    await m.refunds(
      refund('r1', { amount: eur('5.00') }),
      cancelation('c1', { amount: eur('7.00'), observedAt: at('13:00') }),
    );
    expect(m.publisher.profiles.get(ADA)).toMatchObject({
      version: 2,
      gross: eur('49.90'),
      refunded: eur('5.00'),
      net: eur('37.90'),
      refundedSkus: ['LAMP'],
      lastRefundAt: '2026-03-01T11:00:00.000Z',
      lastCancelAt: '2026-03-01T11:00:00.000Z',
      reviewRequestAllowed: false,
    });
  });

  it('keeps the newest 200 SKUs', async () => {
    const facts = Array.from({ length: 3 }, (_, index) =>
      order({
        orderId: `B-${index}`,
        createdAt: at(`10:0${index}`),
        lines: Array.from({ length: 90 }, (_, n) =>
          line({ lineId: `${n}`, sku: `${index}-${String(n).padStart(2, '0')}` }),
        ),
      }),
    );
    await m.orders(...facts);
    const skus = m.publisher.profiles.get(ADA)?.skus ?? [];
    expect(skus).toHaveLength(200);
    expect(skus.slice(0, 2)).toEqual(['2-00', '2-01']);
    expect(skus.filter((sku) => sku.startsWith('0-'))).toHaveLength(20);
  });

  it('survives what PostgreSQL cannot store, and tells what nobody can work with', async () => {
    const strange = order({
      lines: [line({ sku: 'A\u0000B', title: 'half \ud800 pair' })],
      buyer: { city: 'L\u0000yon' },
    });
    const impossible = order({ orderId: 'A-2', createdAt: '2026-13-45T99:99:99Z' });
    const huge = order({ orderId: 'A-3', amount: eur('999999999999999.99') });
    const { work, outcomes } = sortOrders(batch([strange, impossible, huge]));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'dead', 'dead']);
    await m.mapper.map(work);
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ skus: ['AB'], city: 'Lyon' });
    expect(m.publisher.outcomes.map((outcome) => `${outcome.factId} ${word(outcome)}`)).toEqual([
      'm:A-1 mapped',
      'm:A-2 failed contract.invalid_message',
      'm:A-3 failed contract.invalid_message',
    ]);
  });
});

describe('replicas', () => {
  it('that work on one buyer at once end with the right sums and the newest profile', async () => {
    const one = new RecordingPublisher();
    const two = new RecordingPublisher();
    const replicas = [m.replica(one), m.replica(two)] as const;
    const facts = Array.from({ length: 40 }, (_, index) =>
      order({ orderId: `B-${index}`, createdAt: at(`10:${index + 10}`) }),
    );
    const halves = [
      facts.filter((_, index) => index % 2 === 0),
      facts.filter((_, index) => index % 2 === 1),
    ] as const;
    await Promise.all(
      halves.map(async (half, index) => {
        for (const fact of half) await replicas[index]?.map(sortOrders(batch([fact])).work);
      }),
    );
    const profiles = [...one.messages, ...two.messages].filter(
      ({ topic }) => topic.name === 'buyer.profiles.v1',
    );
    const versions = profiles.map(({ value }) => (value as { version: number }).version);
    expect(new Set(versions)).toEqual(new Set(Array.from({ length: 40 }, (_, index) => index + 1)));
    const [row] = await m.database.query<{ profile: unknown }>('select profile from buyer');
    expect(row?.profile).toMatchObject({ version: 40, orders: 40, gross: eur('1996.00') });
  });

  it('that meet the same orders in another order do not deadlock', async () => {
    const facts = Array.from({ length: 60 }, (_, index) =>
      order({ orderId: `B-${index}`, email: `buyer${index % 7}@example.com` }),
    );
    const changes = facts.map(({ orderId }) => refund('r1', { orderId, amount: eur('1.00') }));
    const two = m.replica(new RecordingPublisher());
    for (let round = 1; round <= 5; round += 1) {
      const raised = facts.map((fact) => ({ ...fact, revision: round }));
      await Promise.all([
        m.orders(...raised),
        m.refunds(...[...changes].reverse()),
        two.map(sortOrders(batch([...raised].reverse())).work),
      ]);
    }
    const [row] = await m.database.query(
      'select count(*)::int as orders, sum(refunded_minor)::int as refunded from sale',
    );
    expect(row).toEqual({ orders: 60, refunded: 6_000 });
  });

  it('never leave an older profile behind on the topic: the one that was overtaken publishes the newer one', async () => {
    m.publisher.before = async () => {
      await m.replica(new RecordingPublisher()).map(sortOrders(batch([order({ orderId: 'A-2' })])).work);
    };
    await m.orders(order());
    expect(m.publisher.profiles.get(ADA)).toMatchObject({ version: 2, orders: 2 });
  });
});

describe('commands', () => {
  it('publish everything of an order again on a replay, with the same ids and revisions', async () => {
    await m.orders(order({ state: 'RECEIVED' }));
    const first = m.publisher.told;
    m.publisher.clear();
    await m.commands(asked('replay', { orderKey: 'm:A-1', stage: 'writer' }));
    expect(m.publisher.messages).toEqual([]);
    await m.commands(asked('replay', { orderKey: 'm:A-1', stage: 'mapper' }));
    expect(m.publisher.told).toEqual(first);
  });

  it('say nothing of an order that nobody knows', async () => {
    await m.commands(asked('replay', { orderKey: 'm:NOBODY', stage: 'mapper' }));
    expect(m.publisher.messages).toEqual([]);
  });

  it('recover an order by a claim, and keep the claim over later facts', async () => {
    await m.orders(order({ email: RELAY }));
    expect(m.publisher.outcomes.map(word)).toEqual(['uncaptured contact.relay']);
    m.publisher.clear();
    const claim = asked('claim', { orderKey: 'm:A-1', email: ' Ada@Example.com', source: 'help desk' });
    await m.commands(claim);
    expect(m.publisher.events).toMatchObject([
      { buyerId: ADA, occurredAt: at('10:15'), contact: { source: 'claim' } },
    ]);
    m.publisher.clear();
    await m.orders(order({ email: RELAY, revision: 2, state: 'SHIPPED' }));
    expect(m.publisher.events).toMatchObject([{ eventId: 'm:A-1:fulfilled', buyerId: ADA }]);
    m.publisher.clear();
    await m.commands(claim);
    expect(tell(m.publisher.events)).toEqual(['placed 49.90', 'fulfilled 49.90']);
  });

  it('erase a person, who stays erased when the whole topic is replayed', async () => {
    const facts = [
      order({ state: 'RECEIVED' }),
      order({ orderId: 'A-2' }),
      order({ orderId: 'A-3', email: RELAY }),
      order({ orderId: 'A-4', email: 'eve@example.com', buyer: { firstName: 'Eve', city: 'Paris' } }),
      order({ orderId: 'A-5', marketplaceId: 'silent' }),
    ];
    const changes = [refund('r1')];
    const claim = asked('claim', { orderKey: 'm:A-3', email: 'ada@example.com', source: 'csv' });
    await m.orders(...facts);
    await m.refunds(...changes);
    await m.commands(claim);
    m.publisher.clear();
    const erase = asked('erase', { buyerId: ADA });
    await m.commands(erase);
    const receipts = () => m.publisher.words('erasure_receipt');
    expect(receipts()).toMatchObject([{ outcomeId: `mapper:erasure:${ADA}`, buyerId: ADA, done: true }]);
    expect(receipts()[0]?.detail).toContain('of 4 orders');
    const gone = ['m:A-1', 'm:A-2', 'm:A-3', 'silent:A-5'];
    const erasedOutcomes = () =>
      m.publisher.outcomes
        .filter(({ outcome, factId, orderKey }) => outcome === 'erased' && factId === orderKey)
        .map(({ factId }) => factId);
    const wordOfRefund = m.publisher.outcomes.find(({ factId }) => factId === 'm:A-1:refund:r1');
    expect(word(wordOfRefund)).toBe('erased privacy.erased');
    expect(m.publisher.profiles.get(ADA)).toBeNull();
    expect(m.publisher.events).toEqual([]);
    expect(erasedOutcomes().sort()).toEqual(gone);
    expect(JSON.stringify(await everything())).not.toMatch(/ada@|"Ada"|Lyon/);
    expect(JSON.stringify(await everything())).toMatch(/eve@/);
    const [receipt] = receipts();
    m.publisher.clear();
    await m.clock.advance(60_000);
    await m.commands(erase);
    expect(receipts()).toEqual([receipt]);
    expect(m.publisher.profiles.get(ADA)).toBeNull();
    expect(erasedOutcomes().sort()).toEqual(gone);
    m.publisher.clear();
    await m.orders(...facts);
    await m.refunds(...changes);
    await m.commands(claim, asked('replay', { orderKey: 'm:A-1', stage: 'mapper' }));
    await m.orders(order({ orderId: 'A-6' }));
    expect(m.publisher.events.map(({ orderKey }) => orderKey)).toEqual(['m:A-4']);
    expect(m.publisher.profiles.has(ADA)).toBe(false);
    expect([...new Set(erasedOutcomes())].sort()).toEqual([...gone, 'm:A-6'].sort());
    expect(JSON.stringify(await everything())).not.toMatch(/ada@|"Ada"|Lyon/);
  });

  it('leave a tombstone as the last word when an erasure overtakes a batch', async () => {
    m.publisher.before = async () => {
      const { work } = sortCommands(batch([asked('erase', { buyerId: ADA })]), BUYER_ID_KEY);
      await m.replica(new RecordingPublisher()).map(work);
    };
    await m.orders(order());
    expect(m.publisher.profiles.get(ADA)).toBeNull();
  });
});

const everything = async () => ({
  ...(await stored()),
  claims: await m.database.query('select * from contact_claim'),
});
