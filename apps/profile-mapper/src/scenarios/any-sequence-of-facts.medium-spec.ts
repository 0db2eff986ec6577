// real: [postgres], double: [kafka publisher]
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buyerIdOf, type OrderFact, type RefundFact } from '@watertight/contracts';
import * as fc from 'fast-check';
import { type MapperOnDatabase, mapperOnDatabase } from './database.fixture.ts';
import { BUYER_ID_KEY } from './facts.fixture.ts';
import { expectedOf, lives } from './from-scratch.fixture.ts';

/** However slow the machine is. */
const DEADLINE_MS = 300_000;

let m: MapperOnDatabase;

beforeAll(async () => {
  m = await mapperOnDatabase();
});
afterAll(() => m.drop());

type Fact = OrderFact | RefundFact;

/** Facts in any order, some of them several times, in batches of any size; a batch is of one topic. */
const deliveries = lives.chain((all) => {
  const facts = all.flatMap((life) => life.facts);
  return fc
    .tuple(
      fc.shuffledSubarray(facts, { minLength: facts.length }),
      fc.array(fc.constantFrom(...facts), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 40, maxLength: 40 }),
    )
    .map(([shuffled, again, sizes]) => ({ all, batches: batchesOf([...shuffled, ...again], sizes) }));
});

function batchesOf(facts: readonly Fact[], sizes: readonly number[]): readonly (readonly Fact[])[] {
  const batches: Fact[][] = [];
  for (let from = 0; from < facts.length; from += batches.at(-1)?.length ?? 1) {
    batches.push(facts.slice(from, from + (sizes[batches.length] ?? 1)));
  }
  return batches;
}

const deliver = async (facts: readonly Fact[]): Promise<void> => {
  await m.orders(...facts.filter((fact) => 'contentHash' in fact));
  await m.refunds(...facts.filter((fact) => 'factId' in fact));
};

describe('any sequence of facts, delivered any number of times', () => {
  it(
    'gives the aggregates that counting anew gives, and cancels an order for exactly its worth',
    async () => {
      await fc.assert(
        fc.asyncProperty(deliveries, async ({ all, batches }) => {
          await m.empty();
          for (const facts of batches) await deliver(facts);
          for (const email of new Set(all.map((life) => life.email))) {
            const profile = m.publisher.profiles.get(buyerIdOf(email, BUYER_ID_KEY));
            const expected = expectedOf(all.filter((life) => life.email === email));
            if (expected === undefined) expect(profile).toBeUndefined();
            else expect({ ...profile, skus: [...(profile?.skus ?? [])].sort() }).toMatchObject(expected);
          }
          for (const { orderKey, worth, cancelled } of await cancelledOrders()) {
            expect([orderKey, Number(cancelled)]).toEqual([orderKey, Number(worth)]);
          }
        }),
        { numRuns: 60 },
      );
    },
    DEADLINE_MS,
  );

  it(
    'publishes every buyer event, each at least once, and versions that only grow',
    async () => {
      await fc.assert(
        fc.asyncProperty(deliveries, async ({ batches }) => {
          await m.empty();
          for (const facts of batches) await deliver(facts);
          const published = new Set(m.publisher.events.map(({ eventId }) => eventId));
          const words = new Map(m.publisher.outcomes.map((outcome) => [outcome.factId, outcome]));
          for (const { factId, orderKey, eventIds = [] } of words.values()) {
            if (factId === orderKey) for (const eventId of eventIds) expect(published).toContain(eventId);
          }
          const versions = new Map<string, number>();
          for (const { key, value } of m.publisher.messages.filter(
            ({ topic }) => topic.name === 'buyer.profiles.v1',
          )) {
            const { version } = value as { version: number };
            expect(version).toBeGreaterThanOrEqual(versions.get(key) ?? 1);
            versions.set(key, version);
          }
        }),
        { numRuns: 30 },
      );
    },
    DEADLINE_MS,
  );
});

/** Orders that ended cancelled: what their events cancelled in sum, and what they were worth, in minor units. */
async function cancelledOrders(): Promise<readonly { orderKey: string; worth: string; cancelled: string }[]> {
  return m.database.query(
    `select order_key as "orderKey", (memory->'history'->'highestAmount'->>'amount')::numeric * 100 as worth,
       (select sum(value::numeric) from json_each_text(memory->'emitted') where key like '%:cancelled:%') as cancelled
     from order_fact where fact->>'state' = 'CANCELED' and outcome = 'mapped'`,
  );
}
