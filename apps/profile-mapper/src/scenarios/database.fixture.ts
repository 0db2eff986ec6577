import { randomBytes } from 'node:crypto';
import type {
  BuyerEvent,
  BuyerProfile,
  Command,
  FactOutcome,
  OrderFact,
  Outcome,
  RefundFact,
} from '@watertight/contracts';
import { Topics } from '@watertight/contracts';
import type { MessageBatch, OutgoingMessage, ReceivedMessage } from '@watertight/kafka';
import { createDatabase, type Database, runMigrations } from '@watertight/postgres';
import { Compile } from 'typebox/compile';
import { createTestSchema, FakeClock, testStack } from '@watertight/testing';
import { sortCommands } from '../commands/sort-commands.ts';
import { sortOrders, sortRefunds } from '../facts/sort-facts.ts';
import { BatchMapper, type MappingRules, type MessagePublisher } from '../map-batch.ts';
import { MAPPER_MIGRATIONS } from '../mapper.module.ts';
import { BUYER_ID_KEY, POLICY } from './facts.fixture.ts';

const checks = new Map(
  [Topics.buyerEvents, Topics.buyerProfiles, Topics.outcomes].map(({ name, schema }) => [
    name,
    Compile(schema),
  ]),
);

/** A publisher that keeps what it was given, and can be told to die before it does. */
export class RecordingPublisher implements MessagePublisher {
  readonly messages: OutgoingMessage[] = [];
  failure: Error | undefined;
  /** Runs before each publish: what happens elsewhere between our transaction and our publishing. */
  before: (() => Promise<void>) | undefined;

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const { before } = this;
    this.before = undefined;
    await before?.();
    if (this.failure !== undefined) throw this.failure;
    for (const { topic, value } of messages) {
      const fits = value === null ? topic.cleanup === 'compact' : checks.get(topic.name)?.Check(value);
      if (fits !== true) throw new Error(`a message that breaks the contract of ${topic.name}`);
    }
    this.messages.push(...messages);
  }

  get events(): readonly BuyerEvent[] {
    return this.#valuesOf<BuyerEvent>(Topics.buyerEvents.name);
  }

  get outcomes(): readonly FactOutcome[] {
    return this.#valuesOf<Outcome>(Topics.outcomes.name).filter((outcome) => outcome.kind === 'fact');
  }

  /** Words that are not about one order. */
  words<K extends Outcome['kind']>(kind: K): readonly Extract<Outcome, { kind: K }>[] {
    const isWanted = (outcome: Outcome): outcome is Extract<Outcome, { kind: K }> => outcome.kind === kind;
    return this.#valuesOf<Outcome>(Topics.outcomes.name).filter(isWanted);
  }

  /** What a subscriber of the compacted topic ends up with: the last value of each buyer, null for a tombstone. */
  get profiles(): ReadonlyMap<string, BuyerProfile | null> {
    const published = this.messages.filter(({ topic }) => topic.name === Topics.buyerProfiles.name);
    return new Map(published.map(({ key, value }) => [key, value as BuyerProfile | null]));
  }

  /** Everything that was published, in a form that reads well when two runs differ. */
  get told(): readonly {
    readonly topic: string;
    readonly key: string;
    readonly id: string | undefined;
    readonly value: unknown;
  }[] {
    return this.messages.map(({ topic, key, id, value }) => ({ topic: topic.name, key, id, value }));
  }

  clear(): void {
    this.messages.length = 0;
  }

  #valuesOf<T>(topic: string): readonly T[] {
    return this.messages.filter((message) => message.topic.name === topic).map(({ value }) => value as T);
  }
}

export interface MapperOnDatabase {
  readonly database: Database;
  readonly publisher: RecordingPublisher;
  readonly mapper: BatchMapper;
  readonly clock: FakeClock;
  orders(...facts: readonly OrderFact[]): Promise<void>;
  refunds(...facts: readonly RefundFact[]): Promise<void>;
  commands(...commands: readonly Command[]): Promise<void>;
  /** A second replica on the same database, with the same publisher unless it gets its own. */
  replica(publisher?: RecordingPublisher): BatchMapper;
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** A mapper with a schema of its own on the real database. */
export async function mapperOnDatabase(
  rules: MappingRules = { policy: POLICY, buyerIdKey: BUYER_ID_KEY },
): Promise<MapperOnDatabase> {
  const { databaseUrl } = testStack();
  const { schema, drop } = await createTestSchema(databaseUrl);
  const database = createDatabase({ url: databaseUrl, schema, migrations: MAPPER_MIGRATIONS });
  await runMigrations(database);
  const publisher = new RecordingPublisher();
  const clock = new FakeClock(new Date('2026-03-02T08:00:00Z'));
  const mapper = new BatchMapper(database, publisher, rules, clock);
  return {
    database,
    publisher,
    mapper,
    clock,
    orders: (...facts) => mapper.map(sortOrders(batch(facts)).work),
    refunds: (...facts) => mapper.map(sortRefunds(batch(facts)).work),
    commands: (...commands) => mapper.map(sortCommands(batch(commands), rules.buyerIdKey).work),
    replica: (own = publisher) => new BatchMapper(database, own, rules, clock),
    empty: async () => {
      await database.execute(
        'truncate order_fact, change_fact, contact_claim, sale, buyer, reevaluation, applied_policy, coverage_delta, field_coverage, kept_currency',
      );
      publisher.clear();
    },
    drop: async () => {
      await database.close();
      await drop();
    },
  };
}

export function batch<T>(values: readonly T[]): MessageBatch<T> {
  const messages = values.map((value, index): ReceivedMessage<T> => ({
    value,
    key: 'key',
    topic: 'topic',
    partition: 0,
    offset: String(index),
    timestampMs: 0,
    headers: {},
  }));
  return { topic: 'topic', partition: 0, messages, signal: new AbortController().signal };
}

export function asked<T extends Command['type']>(
  type: T,
  rest: Omit<Extract<Command, { type: T }>, 'type' | 'commandId' | 'requestedBy' | 'requestedAt' | 'why'>,
) {
  const command = {
    type,
    commandId: randomBytes(8).toString('hex'),
    requestedBy: 'someone',
    requestedAt: '2026-03-02T07:00:00Z',
    why: 'a test',
    ...rest,
  };
  return command as unknown as Extract<Command, { type: T }>;
}
