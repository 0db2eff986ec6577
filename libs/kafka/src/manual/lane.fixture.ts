import { randomBytes } from 'node:crypto';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OutcomeSchema, type Outcome, type TopicDefinition, Topics } from '@watertight/contracts';
import { createLogger, systemClock } from '@watertight/service';
import { testStack, waitUntil } from '@watertight/testing';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { BatchHandler } from '../batch-handler.ts';
import { BatchStrategy, type BatchStrategyOptions } from '../batch-strategy.ts';
import { outgoing } from '../encode-message.ts';
import { connectKafka, type KafkaConnection } from '../kafka-connection.ts';
import { readOffsets } from '../lag-monitor.ts';
import type { BatchHandlerFunction } from '../message-batch.ts';
import { textHeaders } from '../parse-message.ts';
import { TopicPublisher } from '../topic-publisher.ts';
import { ensureTopics, withAdmin } from '../topics-admin.ts';

export const ThingSchema = Type.Object({ orderKey: Type.String(), number: Type.Integer({ minimum: 0 }) });
export type Thing = Static<typeof ThingSchema>;
export type ThingTopic = TopicDefinition<typeof ThingSchema>;

export interface StoredRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A service that consumes the lane's topic, as a real one does: a NestJS microservice with one handler. */
export interface RunningService {
  readonly strategy: BatchStrategy;
  /** Errors given to onFatal. */
  readonly fatal: readonly unknown[];
  readonly log: readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}

/** Topics and a group of their own for one test, on the real broker. */
export interface LaneFixture {
  readonly topic: ThingTopic;
  readonly outcomes: typeof Topics.outcomes;
  readonly groupId: string;
  readonly connection: KafkaConnection;
  readonly publisher: TopicPublisher;
  /** Publishes things number `from` … `to`; the key decides the partition. */
  send(from: number, to: number, keyOf?: (number: number) => string): Promise<void>;
  sendBytes(key: string | null, value: string | null, headers?: Record<string, string>): Promise<void>;
  serve(
    handler: BatchHandlerFunction<Thing>,
    options?: Partial<BatchStrategyOptions>,
  ): Promise<RunningService>;
  /** Sum over the partitions of the committed offsets. */
  committed(): Promise<number>;
  deadLetters(): Promise<StoredRecord[]>;
  publishedOutcomes(): Promise<Outcome[]>;
  close(): Promise<void>;
}

export async function laneFixture(partitions = 1): Promise<LaneFixture> {
  const id = randomBytes(4).toString('hex');
  const groupId = `manual-${id}`;
  const topic: ThingTopic = {
    ...Topics.orders,
    name: `manual.things-${id}.v1`,
    schema: ThingSchema,
    partitions,
    // The definition's groups are our services; here the test's own group has the dead-letter topic.
    groups: [],
  };
  const deadLetterTopic: ThingTopic = { ...topic, name: `${topic.name}.${groupId}.dlq`, partitions: 1 };
  const outcomes = { ...Topics.outcomes, name: `manual.outcomes-${id}.v1`, partitions: 1, groups: [] };
  const connection = connectKafka({
    brokers: testStack().kafkaBrokers,
    clientId: groupId,
    logger: createLogger(groupId, 'silent'),
  });
  await ensureTopics(connection, [topic, deadLetterTopic, outcomes]);
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const running: RunningService[] = [];
  const lane: LaneFixture = {
    topic,
    outcomes,
    groupId,
    connection,
    publisher,
    send: (from, to, keyOf = () => 'm:1') => sendThings(lane, from, to, keyOf),
    sendBytes: (key, value, headers = {}) => sendBytes(connection, topic.name, key, value, headers),
    serve: async (handler, options = {}) => {
      const service = await serve(lane, handler, options);
      running.push(service);
      return service;
    },
    committed: () => committedOffsets(lane),
    deadLetters: () => readTopic(connection, deadLetterTopic.name),
    publishedOutcomes: async () => {
      const records = await readTopic(connection, outcomes.name);
      const schema = Compile(OutcomeSchema);
      return records.map(({ value }) => schema.Parse(JSON.parse(value ?? 'null')));
    },
    close: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await publisher.close();
    },
  };
  return lane;
}

async function sendThings(
  { publisher, topic }: LaneFixture,
  from: number,
  to: number,
  keyOf: (number: number) => string,
): Promise<void> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  await publisher.publish(
    numbers.map((number) => {
      const key = keyOf(number);
      return outgoing(topic, { key, subject: key, value: { orderKey: key, number } });
    }),
  );
}

async function sendBytes(
  connection: KafkaConnection,
  topic: string,
  key: string | null,
  value: string | null,
  headers: Record<string, string>,
): Promise<void> {
  const producer = connection.client.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic, messages: [{ key, value, headers }] });
  await producer.disconnect();
}

async function serve(
  lane: LaneFixture,
  handler: BatchHandlerFunction<Thing>,
  options: Partial<BatchStrategyOptions>,
): Promise<RunningService> {
  @Controller()
  class ThingController {
    @BatchHandler(lane.topic)
    handle(batch: Parameters<typeof handler>[0]) {
      return handler(batch);
    }
  }
  class ThingModule {}

  const fatal: unknown[] = [];
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
  const connection = connectKafka({
    brokers: lane.connection.brokers,
    clientId: lane.groupId,
    logger: createLogger(lane.groupId, 'info', { destination }),
  });
  const strategy = new BatchStrategy({
    connection,
    publisher: lane.publisher,
    groupId: lane.groupId,
    stage: 'mapper',
    topics: [lane.topic],
    outcomesTopic: lane.outcomes,
    onFatal: (error) => void fatal.push(error),
    ...options,
  });
  const module = { module: ThingModule, controllers: [ThingController] };
  const app: INestMicroservice = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  let stopping: Promise<void> | undefined;
  return { strategy, fatal, log, stop: () => (stopping ??= app.close()) };
}

async function committedOffsets({ connection, groupId, topic }: LaneFixture): Promise<number> {
  return withAdmin(connection, 'Cannot read offsets', async (admin) => {
    const offsets = await readOffsets(admin, groupId, topic.name);
    return offsets.reduce((sum, { committed }) => sum + Number(committed ?? 0n), 0);
  });
}

/** Every record that is on the topic now. */
export async function readTopic(connection: KafkaConnection, topic: string): Promise<StoredRecord[]> {
  const ends = await withAdmin(connection, 'Cannot read', (admin) => admin.fetchTopicOffsets(topic));
  const expected = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const records: StoredRecord[] = [];
  if (expected === 0) return records;
  const consumer = connection.client.consumer({
    groupId: `reader-${randomBytes(4).toString('hex')}`,
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ partition, message }) => {
      const { key, value, offset, headers } = message;
      const text = (bytes: Buffer | null) => bytes?.toString('utf8') ?? null;
      records.push({ partition, offset, key: text(key), value: text(value), headers: textHeaders(headers) });
      return Promise.resolve();
    },
  });
  await waitUntil(`${expected} records of ${topic}`, () => records.length >= expected);
  await consumer.disconnect();
  return records;
}
