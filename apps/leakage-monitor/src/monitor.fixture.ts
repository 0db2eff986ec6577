import { randomBytes } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type Command,
  type OrderFact,
  type Outcome,
  type RefundFact,
  type TopicDefinition,
  Topics,
} from '@watertight/contracts';
import {
  BatchHandler,
  BatchStrategy,
  connectKafka,
  DONE,
  ensureTopics,
  kafkaVariables,
  type MessageBatch,
  type MessageOutcome,
  type OutgoingMessage,
  outgoing,
  TopicPublisher,
  KafkaConnection,
} from '@watertight/kafka';
import { parseMarketplaces } from '@watertight/marketplaces';
import {
  createLogger,
  HealthRegistry,
  loadConfig,
  systemClock,
  CLOCK,
  LOGGER,
  type ServiceContext,
} from '@watertight/service';
import { createTestSchema, testStack } from '@watertight/testing';
import type { TSchema } from 'typebox';
import { FoldBatch } from './fold-batch.ts';
import { accessOf } from './access/access-of.ts';
import { configureHttp } from './monitor.http.ts';
import { monitorVariables } from './monitor.config.ts';
import { monitorDatabase, MonitorModule } from './monitor.module.ts';

export const TOKEN = 'a-token-for-tests-only';
export const BUYER_ID_KEY = 'a-key-for-tests-only-of-32-characters';

const POLICY = `
reportingCurrency: EUR
rates: { USD: "0.92" }
marketplaces:
  - id: m
    name: Maison
    api: seller
    baseUrl: http://127.0.0.1:1/mirakl/m
    apiKey: "\${M_KEY}"
    pollInterval: 1m
    backfillFrom: 2025-11-01
    timezone: Europe/Paris
    owners: { marketing: "marketing@example.com" }
  - id: n
    name: Nord
    api: seller
    baseUrl: http://127.0.0.1:1/mirakl/n
    apiKey: "\${N_KEY}"
    pollInterval: 1m
    backfillFrom: 2025-11-01
    timezone: Europe/Paris
`;

function topicsOf(id: string, groupId: string) {
  const own = <S extends TSchema>(topic: TopicDefinition<S>): TopicDefinition<S> => ({
    ...topic,
    name: `${id}.${topic.name}`,
    partitions: 3,
    groups: [],
  });
  const topics = {
    orders: own(Topics.orders),
    refunds: own(Topics.refunds),
    outcomes: own(Topics.outcomes),
    commands: own(Topics.commands),
  };
  const deadLetters = Object.values(topics).map((topic) => ({
    ...topic,
    name: `${topic.name}.${groupId}.dlq`,
    partitions: 1,
  }));
  return { ...topics, deadLetters };
}

const accessConfig = loadConfig(monitorVariables, {
  KAFKA_BROKERS: 'unused:1',
  DATABASE_URL: 'postgres://unused/test',
  MARKETPLACES_FILE: '/nowhere',
  BUYER_ID_KEY,
  LOCAL_TOKEN: TOKEN,
});

/** JSON of a shape that the test knows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any;

interface StartOptions {
  readonly groupId?: string;
  readonly consoleDir?: string;
  /** Other settings of who may come in. */
  readonly access?: Partial<Parameters<typeof accessOf>[0]>;
}

/** A monitor of its own: real broker, real database, topics and schema that no other test has. */
export async function monitorFixture() {
  const id = `monitor-${randomBytes(4).toString('hex')}`;
  const { kafkaBrokers, databaseUrl } = testStack();
  const { schema, drop } = await createTestSchema(databaseUrl, { create: false });
  const topics = topicsOf(id, id);
  const logger = createLogger(id, 'silent');
  const connection = connectKafka({ brokers: kafkaBrokers, clientId: id, logger });
  await ensureTopics(connection, [
    topics.orders,
    topics.refunds,
    topics.outcomes,
    topics.commands,
    ...topics.deadLetters,
  ]);
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const running: NestFastifyApplication[] = [];
  const commands: Command[] = [];

  @Controller()
  class Handlers {
    constructor(@Inject(FoldBatch) private readonly foldBatch: FoldBatch) {}
    @BatchHandler(topics.orders)
    orders(batch: MessageBatch<OrderFact>) {
      return this.foldBatch.run(batch, (fact) => ({ kind: 'order', fact }));
    }
    @BatchHandler(topics.refunds)
    refunds(batch: MessageBatch<RefundFact>) {
      return this.foldBatch.run(batch, (fact) => ({ kind: 'refund', fact }));
    }
    /** As the other services would: what arrives on the topic is what was sent. */
    @BatchHandler(topics.commands)
    async commands(batch: MessageBatch<Command>): Promise<readonly MessageOutcome[]> {
      commands.push(...batch.messages.map(({ value }) => value));
      return batch.messages.map(() => DONE);
    }
    @BatchHandler(topics.outcomes)
    outcomes(batch: MessageBatch<Outcome>) {
      return this.foldBatch.run(batch, (outcome) => ({ kind: 'outcome', outcome }));
    }
  }

  const contextOf = (): ServiceContext => ({
    logger,
    clock: systemClock,
    health: new HealthRegistry(systemClock),
  });

  async function start(options: StartOptions = {}) {
    const context = contextOf();
    const database = monitorDatabase(databaseUrl, context, schema);
    const module = await MonitorModule.forRoot({
      config: {
        ...loadConfig(kafkaVariables, { KAFKA_BROKERS: kafkaBrokers.join(',') }),
        BUYER_ID_KEY,
      },
      policy: parseMarketplaces(POLICY, 'marketplaces.yaml', { env: {}, credentials: 'not needed' }),
      context,
      database,
      access: accessOf({ ...accessConfig, ...options.access }, systemClock),
      commandsTopic: topics.commands,
      outcomesTopic: topics.outcomes,
      handlers: Handlers,
      ordersTopic: topics.orders.name,
    });
    class Root {}
    const root = {
      module: Root,
      global: true,
      imports: [module],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: CLOCK, useValue: systemClock },
      ],
      exports: [LOGGER, CLOCK],
    };
    const adapter = new FastifyAdapter({ forceCloseConnections: true });
    const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
      logger: false,
      abortOnError: false,
    });
    running.push(app);
    app.connectMicroservice({
      strategy: new BatchStrategy({
        connection: app.get(KafkaConnection),
        publisher: app.get(TopicPublisher),
        groupId: options.groupId ?? id,
        stage: 'monitor',
        topics: [topics.orders, topics.refunds, topics.outcomes, topics.commands],
        outcomesTopic: topics.outcomes,
      }),
    });
    await configureHttp(app, { CONSOLE_DIR: options.consoleDir ?? '/nowhere' });
    await app.listen(0, '127.0.0.1');
    await app.startAllMicroservices();
    const url = await app.getUrl();
    return {
      url,
      database,
      stop: async () => {
        running.splice(running.indexOf(app), 1);
        await app.close();
      },
      async get<T>(path: string): Promise<T> {
        const response = await fetch(`${url}/api/v1${path}`, {
          headers: { authorization: `Bearer ${TOKEN}` },
        });
        const body: unknown = await response.json();
        if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(body)}`);
        return body as T;
      },
      /** Status and body of a change, made with the local token or another one. */
      async post(path: string, body: unknown, token = TOKEN): Promise<{ status: number; body: Answer }> {
        const response = await fetch(`${url}/api/v1${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        const text = await response.text();
        return { status: response.status, body: text === '' ? null : JSON.parse(text) };
      },
    };
  }

  return {
    groupId: id,
    schema,
    databaseUrl,
    connection,
    topics,
    publisher,
    start,
    /** Everything that has arrived on the topic of commands. */
    commands,
    async publish(...facts: readonly (OrderFact | RefundFact | Outcome)[]) {
      return publisher.publish(facts.map((fact) => messageOf(fact, topics)));
    },
    async close() {
      await Promise.all(running.map((app) => app.close()));
      await publisher.close();
      await drop();
    },
  };
}

export type MonitorFixture = Awaited<ReturnType<typeof monitorFixture>>;

function messageOf(
  fact: OrderFact | RefundFact | Outcome,
  { orders, refunds, outcomes }: ReturnType<typeof topicsOf>,
): OutgoingMessage {
  if ('outcomeId' in fact) {
    const order = 'orderKey' in fact ? fact.orderKey : null;
    const marketplace = 'marketplaceId' in fact ? fact.marketplaceId : null;
    const key = order ?? marketplace ?? fact.outcomeId;
    return outgoing(outcomes, { key, subject: key, value: fact });
  }
  if ('factId' in fact) return outgoing(refunds, { key: fact.orderKey, subject: fact.orderKey, value: fact });
  return outgoing(orders, { key: fact.orderKey, subject: fact.orderKey, value: fact });
}
