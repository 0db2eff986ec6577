import { randomBytes } from 'node:crypto';
import { type OrderFact, type Outcome, type RefundFact, Topics } from '@watertight/contracts';
import {
  connectKafka,
  type DeadLetter,
  ensureTopics,
  type OutgoingMessage,
  TopicPublisher,
} from '@watertight/kafka';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import { createDatabase, type Database, Leases, runMigrations } from '@watertight/postgres';
import { type Clock, createLogger, type Logger, systemClock } from '@watertight/service';
import { createTestSchema, testStack } from '@watertight/testing';
import { CaptureTurn } from '../capture/capture-turn.ts';
import type { CaptureTopics } from '../capture/capture-topics.ts';
import { INGEST_MIGRATIONS } from '../migrations/ingest-migrations.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import type { PollParts } from './poll-marketplace.ts';

export interface IngestFixture {
  readonly database: Database;
  readonly topics: CaptureTopics;
  readonly published: Published;
  readonly leases: Leases;
  parts(source: MiraklSource, changes?: { clock?: Clock; logger?: Logger }): PollParts;
  /** Forgets everything: the database and what was published. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** What the broker has confirmed, in order, and where a test may let publishing fail. */
export class Published {
  messages: OutgoingMessage[] = [];
  deadLetters: DeadLetter[] = [];
  /** Runs before and after messages reach the broker; throwing is a crash at that point. */
  before: () => void = () => undefined;
  after: () => void = () => undefined;

  constructor(private readonly publisher: TopicPublisher) {}

  async publish(messages: readonly OutgoingMessage[]): ReturnType<TopicPublisher['publish']> {
    this.before();
    const positions = await this.publisher.publish(messages);
    this.messages.push(...messages);
    this.after();
    return positions;
  }

  async publishDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    await this.publisher.publishDeadLetters(letters);
    this.deadLetters.push(...letters);
  }

  orders = (): OrderFact[] => this.#of<OrderFact>('orders');
  refunds = (): RefundFact[] => this.#of<RefundFact>('refunds');
  outcomes = (): Outcome[] => this.#of<Outcome>('outcomes');
  outcomesOf = <K extends Outcome['kind']>(kind: K): Extract<Outcome, { kind: K }>[] =>
    this.outcomes().filter((outcome): outcome is Extract<Outcome, { kind: K }> => outcome.kind === kind);

  #of<T>(name: string): T[] {
    return this.messages
      .filter(({ topic }) => topic.name.includes(`.${name}.`))
      .map(({ value }) => value as T);
  }
}

/** Ingest on the real broker and database, with topics and a schema of its own. */
export async function startIngest(): Promise<IngestFixture> {
  const { kafkaBrokers, databaseUrl } = testStack();
  const id = randomBytes(4).toString('hex');
  const topics: CaptureTopics = {
    orders: { ...Topics.orders, name: `ingest-${id}.orders.v1` },
    refunds: { ...Topics.refunds, name: `ingest-${id}.refunds.v1` },
    outcomes: { ...Topics.outcomes, name: `ingest-${id}.outcomes.v1` },
  };
  const silent = createLogger('spec', 'silent');
  const connection = connectKafka({ brokers: kafkaBrokers, clientId: 'ingest-spec', logger: silent });
  await ensureTopics(connection, Object.values(topics));
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const schema = await createTestSchema(databaseUrl, { create: false });
  const database = createDatabase({ url: databaseUrl, schema: schema.schema, migrations: INGEST_MIGRATIONS });
  await runMigrations(database);
  const leases = new Leases(database, `replica-${id}`, 60_000);
  const published = new Published(publisher);
  const turn = new CaptureTurn();
  return {
    database,
    topics,
    published,
    leases,
    parts: (source, { clock = systemClock, logger = silent } = {}) => ({
      database,
      publisher: published,
      topics,
      assertHeld: async () => undefined,
      turn,
      source,
      clock,
      logger,
    }),
    async clear() {
      await database.execute(
        `truncate captured_order, captured_refund, marketplace_progress, marketplace_sweep, wanted_order, lease,
           unknown_value, sweep_request, marketplace_setting, backfill`,
      );
      Object.assign(published, {
        messages: [],
        deadLetters: [],
        before: () => undefined,
        after: () => undefined,
      });
    },
    async stop() {
      await publisher.close();
      await database.close();
      await schema.drop();
    },
  };
}

export function policyFixture(changes: Partial<MarketplacePolicy> = {}): MarketplacePolicy {
  return {
    id: 'maison-fr',
    name: 'Maison',
    channel: 'Maison FR',
    api: 'seller',
    baseUrl: 'http://127.0.0.1:1',
    credentials: { kind: 'key', apiKey: 'key-of-the-double' },
    shopId: '2001',
    orderTaxMode: 'TAX_INCLUDED',
    pollIntervalMs: 1_000,
    persona: 'seller',
    backfillFrom: new Date('2026-01-01T00:00:00Z'),
    timezone: 'Europe/Paris',
    contact: {
      emailFrom: ['customer_notification_email'],
      use: 'direct_only',
      relayDomains: [],
      placeholders: [],
    },
    attributes: [],
    deliver: 'events_and_profiles',
    owners: {},
    ...changes,
  };
}
