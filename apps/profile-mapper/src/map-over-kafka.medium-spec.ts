// real: [kafka, postgres], double: []
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buyerIdOf } from '@watertight/contracts';
import { type OutgoingMessage } from '@watertight/kafka';
import { RetryableError, systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { BatchMapper } from './map-batch.ts';
import { asked, type MapperOnDatabase, mapperOnDatabase } from './scenarios/database.fixture.ts';
import { at, BUYER_ID_KEY, eur, order, POLICY, refund } from './scenarios/facts.fixture.ts';
import { type KafkaFixture, kafkaFixture } from './scenarios/kafka.fixture.ts';

// The broker and whoever else works on this machine may be slow; only a loss may fail these tests.
const until = (what: string, check: () => boolean) => waitUntil(what, check, { deadlineMs: 100_000 });
const DEADLINE_MS = 240_000;
const rules = { policy: POLICY, buyerIdKey: BUYER_ID_KEY };
const ADA = buyerIdOf('ada@example.com', BUYER_ID_KEY);
let m: MapperOnDatabase;
let kafka: KafkaFixture;

beforeAll(async () => {
  m = await mapperOnDatabase();
});
beforeEach(async () => {
  await m.empty();
  kafka = await kafkaFixture();
});
afterEach(async () => {
  await kafka.close();
  expect(kafka.fatal).toEqual([]);
});
afterAll(() => m.drop());

const mapper = (
  publish: (messages: readonly OutgoingMessage[]) => Promise<unknown> = kafka.publisher.publish,
) => new BatchMapper(m.database, { publish }, rules, systemClock);
const eventIds = () => kafka.received.events.map(({ eventId }) => eventId);
const words = () =>
  kafka.received.outcomes.flatMap((said) =>
    said.kind === 'fact' ? [`${said.factId} ${said.outcome} ${said.revision}`] : [],
  );

describe('over the real broker', () => {
  it(
    'an order, its refund and a claim become buyer events, profiles and outcomes',
    async () => {
      await kafka.serve(mapper());
      await kafka.orders(order(), order({ orderId: 'A-2', email: null, createdAt: at('10:30') }));
      await kafka.refunds(refund('r1'));
      await until('the refund', () => eventIds().includes('m:A-1:refunded:r1'));
      await kafka.commands(asked('claim', { orderKey: 'm:A-2', email: 'ada@example.com', source: 'csv' }));
      await until('both orders and the refund in the profile', () => {
        const profile = kafka.received.profiles.get(ADA);
        return profile?.orders === 2 && profile.refunded.amount === '10.00';
      });
      // Three topics, read side by side: each is waited for.
      await until('every event', () => eventIds().includes('m:A-2:placed'));
      await until(
        'every word',
        () =>
          words().includes('m:A-2 mapped 2') &&
          words().some((said) => said.startsWith('m:A-1:refund:r1 mapped')),
      );
      expect(new Set(eventIds())).toEqual(new Set(['m:A-1:placed', 'm:A-1:refunded:r1', 'm:A-2:placed']));
      expect(kafka.received.profiles.get(ADA)).toMatchObject({ gross: eur('99.80'), net: eur('89.80') });
    },
    DEADLINE_MS,
  );

  it(
    'nothing is lost when publishing fails after the transaction, and ids and revisions stay',
    async () => {
      let failures = 2;
      const failing = async (messages: readonly OutgoingMessage[]) => {
        failures -= 1;
        if (failures >= 0) throw new RetryableError('the brokers do not answer');
        return kafka.publisher.publish(messages);
      };
      await kafka.serve(mapper(failing));
      await kafka.orders(order({ state: 'RECEIVED' }));
      await until('the word', () => words().length > 0);
      expect(words()).toEqual(['m:A-1 mapped 1']);
      await until('both events', () => eventIds().length === 2);
      await until('the profile', () => kafka.received.profiles.has(ADA));
      expect(kafka.received.profiles.get(ADA)).toMatchObject({ version: 1 });
    },
    DEADLINE_MS,
  );

  it(
    'two replicas share the work and end with the right sums',
    async () => {
      const [one, two] = await Promise.all([kafka.serve(mapper()), kafka.serve(mapper())]);
      const facts = Array.from({ length: 120 }, (_, index) =>
        order({ orderId: `B-${index}`, email: `b${index % 5}@example.com` }),
      );
      await kafka.orders(...facts);
      await kafka.refunds(...facts.map(({ orderId }) => refund('r1', { orderId, amount: eur('1.00') })));
      await until('all refunds', () => eventIds().filter((id) => id.includes(':refunded:')).length >= 120);
      await one.stop();
      await two.stop();
      await until(
        'five complete profiles',
        () =>
          [...kafka.received.profiles.values()].filter((profile) => profile?.refunded.amount === '24.00')
            .length === 5,
      );
      expect(kafka.received.profiles.size).toBe(5);
    },
    DEADLINE_MS,
  );

  it(
    'an erased person does not come back when the group reads all its topics from the beginning again',
    async () => {
      const first = await kafka.serve(mapper());
      await kafka.orders(
        order({ state: 'RECEIVED' }),
        order({ orderId: 'A-2', email: null }),
        order({ orderId: 'E-1', email: 'eve@example.com' }),
      );
      await kafka.refunds(refund('r1'));
      await kafka.commands(asked('claim', { orderKey: 'm:A-2', email: 'ada@example.com', source: 'csv' }));
      const ofAda = ['m:A-1:placed', 'm:A-1:fulfilled', 'm:A-1:refunded:r1', 'm:A-2:placed'];
      await until('all events', () => [...ofAda, 'm:E-1:placed'].every((id) => eventIds().includes(id)));
      await kafka.commands(asked('erase', { buyerId: ADA }));
      const receipts = () => kafka.received.outcomes.filter(({ kind }) => kind === 'erasure_receipt').length;
      await until('the tombstone', () => kafka.received.profiles.get(ADA) === null && receipts() === 1);
      await first.stop();

      const [events, outcomes] = [kafka.received.events.length, kafka.received.outcomes.length];
      await kafka.rewind();
      await kafka.serve(mapper());
      const since = () =>
        kafka.received.outcomes
          .slice(outcomes)
          .flatMap((said) => (said.kind === 'fact' ? [`${said.factId} ${said.outcome}`] : []));
      const repeated = ['m:A-1 erased', 'm:A-2 erased', 'm:A-1:refund:r1 erased', 'm:E-1 mapped'];
      await until('every message again', () => repeated.every((said) => since().includes(said)));
      await until('the erasure again', () => receipts() === 2);
      await until('the event of somebody else again', () => eventIds().length > events);
      expect(new Set(eventIds().slice(events))).toEqual(new Set(['m:E-1:placed']));
      expect(since().filter((said) => said.startsWith('m:A-') && !said.endsWith(' erased'))).toEqual([]);
      expect(kafka.received.profiles.get(ADA)).toBeNull();
      for (const table of ['order_fact', 'change_fact', 'contact_claim', 'sale', 'buyer', 'reevaluation']) {
        const sql = `select 1 from ${table} as kept where kept::text ilike '%ada@example.com%'`;
        expect([table, await m.database.query(sql)]).toEqual([table, []]);
      }
    },
    DEADLINE_MS,
  );

  it(
    'what cannot be worked with becomes a dead letter with a word, and holds nobody up',
    async () => {
      await kafka.serve(mapper());
      await kafka.orders(order({ orderId: 'BAD', createdAt: '2026-02-31T99:00:00Z' }), order());
      await until('the good order', () => eventIds().includes('m:A-1:placed'));
      await until('the word on the bad one', () => words().includes('m:BAD failed 1'));
    },
    DEADLINE_MS,
  );
});
