import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALL_TOPICS, type TopicDefinition, Topics } from '@watertight/contracts';
import { APP_SHAPES } from './app-shapes.ts';
import { kafkaUseOf, sourcesOf } from './kafka-use.ts';
import { appAcls, principals } from './kafka-users.ts';

const namesOf = (topics: Iterable<TopicDefinition>): string[] => [...topics].map(({ name }) => name).sort();

for (const { name: app } of APP_SHAPES) {
  test(`the code of ${app} reads and writes what the list of topics says`, () => {
    const use = kafkaUseOf(sourcesOf(app));
    assert.deepEqual(
      namesOf(use.writes),
      namesOf(ALL_TOPICS.filter(({ producers }) => producers.includes(app))),
    );
    // mirakl-ingest is listed as a group of the orders for its dead letters alone.
    const listed = ALL_TOPICS.filter(
      (topic) => topic.groups.includes(app) && !(app === 'mirakl-ingest' && topic === Topics.orders),
    );
    assert.deepEqual(namesOf(use.reads), namesOf(listed));
  });
}

test('sees a handler, a message, a look at another group and the rest in a source', () => {
  const use = kafkaUseOf([
    '@BatchHandler(Topics.orders) a() {}\n@CompactedBatchHandler(Topics.buyerProfiles) b() {}',
    'const { topic = Topics.commands } = parts; outgoing(topic, { key })',
    "outgoing(\n  topics.refunds, {}); const behind = [{ group: 'klaviyo-writer', topic: Topics.buyerEvents.name }];",
  ]);
  assert.deepEqual(namesOf(use.reads), ['buyer.profiles.v1', 'mirakl.orders.v1']);
  assert.deepEqual(namesOf(use.writes), ['mirakl.refunds.v1', 'sync.commands.v1']);
  assert.deepEqual(use.looksAt, [{ group: 'klaviyo-writer', topic: Topics.buyerEvents }]);
  assert.deepEqual([use.watchesAll, use.replays, use.readsWhole], [false, false, false]);
});

test('refuses a message whose topic cannot be told from the source', () => {
  assert.throws(() => kafkaUseOf(['outgoing(chosen, {})']), /cannot tell which topic outgoing\(chosen/);
  assert.throws(() => kafkaUseOf(['outgoing(Topics.nothing, {})']), /no topic Topics\.nothing/);
});

test('refuses a look at another group that it cannot read', () => {
  assert.throws(() => kafkaUseOf(['lag.messages(chosen, topic)']), /cannot tell whose place/);
});

test('a handler more in the code is a right more', () => {
  const more = kafkaUseOf([...sourcesOf('klaviyo-writer'), '@BatchHandler(Topics.orders) a() {}']);
  const orders = appAcls('klaviyo-writer', more).filter(
    ({ resource }) => resource.name === Topics.orders.name,
  );
  assert.deepEqual(
    orders.map(({ operations }) => operations),
    [['Describe', 'Read']],
  );
});

const mayWrite = (principal: string): string[] =>
  (principals().get(principal) ?? [])
    .filter(({ operations }) => operations.includes('Write'))
    .map(({ resource }) => resource.name);

test("only the monitor's principal may write commands", () => {
  const who = [...principals().keys()].filter((name) => mayWrite(name).includes(Topics.commands.name));
  assert.deepEqual(who, ['leakage-monitor']);
});

test('the monitor may read every dead letter and put back all but commands, and no other may put back anything', () => {
  const monitor = principals().get('leakage-monitor') ?? [];
  const letters = monitor.filter(
    ({ resource, operations }) => resource.name.endsWith('.dlq') && operations.includes('Read'),
  );
  assert.equal(letters.length, ALL_TOPICS.flatMap(({ groups }) => groups).length);
  for (const { name } of ALL_TOPICS) assert.ok(mayWrite('leakage-monitor').includes(name), name);
  assert.ok(!mayWrite('klaviyo-writer').includes(Topics.buyerEvents.name));
  assert.ok(!mayWrite('profile-mapper').includes(Topics.orders.name));
});

test('nobody uses transactions, so nobody has a right on a transactional id', () => {
  const folders = ['libs', 'apps'].map((name) => join(import.meta.dirname, '../../..', name));
  const using = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\/src\/.*\.ts$/.test(name) && !name.includes('node_modules'))
      .filter((name) => /\btransactionalId\s*:/.test(readFileSync(join(folder, name), 'utf8'))),
  );
  assert.deepEqual(using, []);
});
