// real: [kafka, node, python where present, java where present], double: []
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BuyerEvent, type BuyerProfile, Topics } from '@watertight/contracts';
import { outgoing } from '@watertight/kafka';
import { testStack } from '@watertight/testing';
import { eur } from './scenarios/facts.fixture.ts';
import { type KafkaFixture, kafkaFixture } from './scenarios/kafka.fixture.ts';
import {
  findJava,
  findNode,
  findPython,
  type Runtime,
  runSubscriber,
  subscribersFolder,
} from './scenarios/runtimes.fixture.ts';

const DEADLINE_MS = 300_000;
const runtimes: readonly (readonly [language: string, Runtime])[] = [
  ['TypeScript', findNode()],
  ['Python', await findPython()],
  ['Java', await findJava()],
];
const examples = join(subscribersFolder, '../../libs/contracts/examples/valid');
const read = (file: string): unknown => JSON.parse(readFileSync(join(examples, file), 'utf8'));
const event = read('buyer.events.v1/placed.json') as BuyerEvent;
const profile = read('buyer.profiles.v1/profile.json') as BuyerProfile;
const [ada, eve] = ['a', 'e'].map((letter) => letter.repeat(64)) as [string, string];

let kafka: KafkaFixture;

beforeAll(async () => {
  kafka = await kafkaFixture();
  const eventOf = (buyerId: string, eventId: string) =>
    outgoing(Topics.buyerEvents, { key: buyerId, subject: buyerId, value: { ...event, buyerId, eventId } });
  const profileOf = (buyerId: string, version: number) =>
    outgoing(Topics.buyerProfiles, {
      key: buyerId,
      subject: buyerId,
      value: { ...profile, buyerId, version, orders: version, net: eur(`${version}0.00`) },
    });
  const tombstone = outgoing(Topics.buyerProfiles, { key: eve, subject: eve, value: null });
  // A repeat of an event, an older profile after a newer one, and an erasure.
  await kafka.publisher.publish([eventOf(ada, 'm:A-1:placed'), profileOf(ada, 2), profileOf(eve, 1)]);
  await kafka.publisher.publish([eventOf(ada, 'm:A-1:placed'), eventOf(ada, 'm:A-1:fulfilled')]);
  await kafka.publisher.publish([profileOf(ada, 1), tombstone]);
}, DEADLINE_MS);
afterAll(() => kafka.close());

describe('the example subscriber', () => {
  for (const [language, runtime] of runtimes) {
    if ('missing' in runtime) {
      it.skip(`in ${language}: not run, because ${runtime.missing}`, () => undefined);
      continue;
    }
    it(
      `in ${language} drops repeats, keeps the highest version and deletes who was erased`,
      async () => {
        const told = await runSubscriber(runtime, {
          KAFKA_BROKERS: testStack().kafkaBrokers.join(','),
          GROUP_ID: `example-${language.toLowerCase()}-${kafka.topicNames.events}`,
          EVENTS_TOPIC: kafka.topicNames.events,
          PROFILES_TOPIC: kafka.topicNames.profiles,
          STOP_AFTER_IDLE_MS: '8000',
        });
        expect(told).toEqual({ events: 2, buyers: [{ buyerId: ada, version: 2, orders: 2, net: '20.00' }] });
      },
      DEADLINE_MS,
    );
  }

  it(
    'in TypeScript has sound types',
    () => {
      const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
      execFileSync(process.execPath, [tsc, '-p', join(subscribersFolder, 'typescript')], {
        stdio: 'inherit',
      });
    },
    DEADLINE_MS,
  );
});
