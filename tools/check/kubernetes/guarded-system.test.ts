import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TopicDefinition, Topics } from '@watertight/contracts';
import { groupMembers, heldStretches, readWhole } from '@watertight/kafka';
import { isBalanced, readBalance } from '../../run/balance.ts';
import { ProcessKeeper } from '../../stack/process-keeper.ts';
import { waitUntil } from '../../stack/wait-until.ts';
import { type GuardedSystem, startGuardedSystem } from './guarded-system.ts';

// real: [a broker with SASL and an authorizer that has the rights of k8s/components/strimzi/kafka-users.yaml, PostgreSQL,
// all four services, each signed in as itself], double: [Mirakl, Klaviyo]. On Kubernetes the mechanism is SCRAM.

const dataDir = mkdtempSync(join(tmpdir(), 'watertight-guarded-'));
let keeper: ProcessKeeper;
let guarded: GuardedSystem;

before(async () => {
  ({ keeper } = await ProcessKeeper.start(500));
  guarded = await startGuardedSystem(dataDir, keeper);
});
after(async () => {
  await guarded.system.stop();
  await keeper.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function until<T>(what: string, find: () => Promise<T | undefined>): Promise<T> {
  return waitUntil(find, {
    withinMs: 90_000,
    everyMs: 500,
    signal: new AbortController().signal,
    late: () => new Error(`${what}: not within 90 s`),
  });
}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${guarded.system.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${guarded.system.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** Sends a record that fits no schema. */
async function write(principal: string | null, topic: string): Promise<void> {
  const { client } = principal === null ? guarded.asOwner : guarded.as(principal);
  const producer = client.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
  try {
    await producer.connect();
    await producer.send({ topic, messages: [{ key: 'maison-fr:X-1', value: 'not an order' }] });
  } finally {
    await producer.disconnect();
  }
}

interface Letter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

async function letters(topic: string): Promise<readonly Letter[]> {
  const answer: unknown = await call('GET', `/dead-letters?topic=${topic}&limit=10`);
  assert.ok(typeof answer === 'object' && answer !== null && 'letters' in answer);
  assert.ok(Array.isArray(answer.letters));
  return answer.letters.map(({ partition, offset }: Letter) => ({ topic, partition, offset }));
}

test('every service can do its work with its rights: all orders come to rest', async () => {
  await until('a balance', async () => {
    const read = await readBalance(guarded.system.url, guarded.system.token);
    return read !== undefined && read.balance.captured.orders >= 60 && isBalanced(read.balance)
      ? true
      : undefined;
  });
});

test('a dead letter is written by the service that refused it, and put back by the monitor', async () => {
  await write(null, Topics.orders.name);
  const topic = `${Topics.orders.name}.profile-mapper.dlq`;
  const [first] = await until('a dead letter', async () => {
    const found = await letters(topic);
    return found.length > 0 ? found : undefined;
  });
  assert.ok(first !== undefined);
  const answer: unknown = await call('POST', '/dead-letters/replay', { letters: [first], why: 'to try it' });
  assert.deepEqual(answer, { preview: false, replayed: 1, skipped: [] });
  await until('the same dead letter again', async () =>
    (await letters(topic)).length >= 2 ? true : undefined,
  );
});

test('the monitor sees every lane, and reads its topics from the beginning', async () => {
  const operations = await until('a look at the lanes', async () => {
    const text = JSON.stringify(await call('GET', '/operations'));
    return text.includes('klaviyo-writer') ? text : undefined;
  });
  assert.ok(operations.includes('profile-mapper'));
  const connection = guarded.as('leakage-monitor');
  assert.equal(await groupMembers(connection, 'leakage-monitor'), 1);
  const topics: readonly TopicDefinition[] = [Topics.orders];
  let records = 0;
  await readWhole(connection, topics, await heldStretches(connection, topics), async ({ messages }) => {
    records += messages.length;
  });
  assert.ok(records >= 60);
});

for (const [principal, topic] of [
  ['profile-mapper', Topics.commands],
  ['klaviyo-writer', Topics.commands],
  ['mirakl-ingest', Topics.commands],
  ['klaviyo-writer', Topics.buyerEvents],
  ['profile-mapper', Topics.orders],
  ['subscriber', Topics.buyerProfiles],
] as const) {
  test(`the broker refuses ${principal} a record on ${topic.name}`, async () => {
    await assert.rejects(write(principal, topic.name), /[Nn]ot authorized/);
  });
}

test('no service was refused anything', () => {
  const folder = join(dataDir, 'logs');
  const refused = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => file !== 'kafka.log' && /not authori[sz]ed|AUTHORIZATION_FAILED/i.test(line)),
  );
  assert.deepEqual(refused, []);
});
