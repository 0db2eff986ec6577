import { randomBytes } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type BuyerEvent,
  type BuyerProfile,
  type Command,
  deadLetterTopicName,
  type Outcome,
  type OrderFact,
  type RefundFact,
  type TopicDefinition,
  Topics,
} from '@watertight/contracts';
import {
  BatchHandler,
  BatchStrategy,
  CompactedBatchHandler,
  connectKafka,
  DONE,
  ensureTopics,
  type MessageBatch,
  type MessageOutcome,
  outgoing,
  type OutgoingMessage,
  TopicPublisher,
} from '@watertight/kafka';
import { createLogger, systemClock } from '@watertight/service';
import { testStack } from '@watertight/testing';
import type { BatchMapper } from '../map-batch.ts';
import { MapperHandlers } from '../mapper.handlers.ts';

/** What a subscriber has received so far. */
export interface Received {
  readonly events: BuyerEvent[];
  readonly profiles: Map<string, BuyerProfile | null>;
  readonly outcomes: Outcome[];
}

export interface KafkaFixture {
  /** Publishes as the mapper does, on this test's topics. */
  readonly publisher: { publish(messages: readonly OutgoingMessage[]): Promise<unknown> };
  readonly received: Received;
  /** What buyer events and profiles are called here. */
  readonly topicNames: { readonly events: string; readonly profiles: string };
  /** Errors that would have ended the process. */
  readonly fatal: readonly unknown[];
  orders(...facts: readonly OrderFact[]): Promise<void>;
  refunds(...facts: readonly RefundFact[]): Promise<void>;
  commands(...commands: readonly Command[]): Promise<void>;
  /** Runs a mapper as a service does: a consumer of this test's topics. */
  serve(mapper: BatchMapper): Promise<{ stop(): Promise<void> }>;
  /** Puts the mapper's group back to the beginning of all its topics, as an operator does; no mapper may be serving. */
  rewind(): Promise<void>;
  close(): Promise<void>;
}

/** The topics of the mapper under names of their own, on the real broker, and a subscriber to what it publishes. */
export async function kafkaFixture(): Promise<KafkaFixture> {
  const id = randomBytes(4).toString('hex');
  const own = <T extends TopicDefinition>(topic: T): T => ({
    ...topic,
    name: `${topic.name}.${id}`,
    groups: [],
  });
  const topics = {
    orders: own(Topics.orders),
    refunds: own(Topics.refunds),
    commands: own(Topics.commands),
    events: own(Topics.buyerEvents),
    profiles: own(Topics.buyerProfiles),
    outcomes: own(Topics.outcomes),
  };
  const [mapperGroup, readerGroup] = [`mapper-${id}`, `reader-${id}`];
  const connection = connectKafka({
    brokers: testStack().kafkaBrokers,
    clientId: `mapper-test-${id}`,
    logger: createLogger('mapper-test', 'silent'),
  });
  const read = [topics.orders, topics.refunds, topics.commands];
  const written = [topics.events, topics.profiles, topics.outcomes];
  const deadLetters = (of: readonly TopicDefinition[], group: string) =>
    of.map((topic): TopicDefinition => ({
      ...topic,
      name: deadLetterTopicName(topic.name, group),
      cleanup: 'delete',
      partitions: 1,
    }));
  const dlq = [...deadLetters(read, mapperGroup), ...deadLetters(written, readerGroup)];
  await ensureTopics(connection, [...read, ...written, ...dlq]);
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const fatal: unknown[] = [];
  const closers: (() => Promise<void>)[] = [];

  const run = async (
    groupId: string,
    subscribed: readonly TopicDefinition[],
    controller: object,
  ): Promise<() => Promise<void>> => {
    const strategy = new BatchStrategy({
      connection,
      publisher,
      groupId,
      stage: 'mapper',
      topics: subscribed,
      outcomesTopic: topics.outcomes,
      backoff: { baseMs: 20, maxMs: 200 },
      onFatal: (error) => void fatal.push(error),
    });
    class TestModule {}
    const module = { module: TestModule, controllers: [controller as never] };
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    return () => app.close();
  };

  const received: Received = { events: [], profiles: new Map(), outcomes: [] };
  @Controller()
  class Subscriber {
    @BatchHandler(topics.events)
    events({ messages }: MessageBatch<BuyerEvent>): Promise<readonly MessageOutcome[]> {
      received.events.push(...messages.map(({ value }) => value));
      return Promise.resolve(messages.map(() => DONE));
    }

    @CompactedBatchHandler(topics.profiles)
    profiles({ messages }: MessageBatch<BuyerProfile | null>): Promise<readonly MessageOutcome[]> {
      for (const { key, value } of messages) received.profiles.set(key, value);
      return Promise.resolve(messages.map(() => DONE));
    }

    @BatchHandler(topics.outcomes)
    outcomes({ messages }: MessageBatch<Outcome>): Promise<readonly MessageOutcome[]> {
      received.outcomes.push(...messages.map(({ value }) => value));
      return Promise.resolve(messages.map(() => DONE));
    }
  }
  closers.push(await run(readerGroup, written, Subscriber));

  const renamed = new Map<string, TopicDefinition>([
    [Topics.buyerEvents.name, topics.events],
    [Topics.buyerProfiles.name, topics.profiles],
    [Topics.outcomes.name, topics.outcomes],
  ]);
  const send = (messages: readonly OutgoingMessage[]) =>
    publisher.publish(
      messages.map((message) => ({ ...message, topic: renamed.get(message.topic.name) ?? message.topic })),
    );
  const keyOf = (value: OrderFact | RefundFact | Command) => ('orderKey' in value ? value.orderKey : 'buyer');
  const publishFacts = async <T extends OrderFact | RefundFact | Command>(
    topic: TopicDefinition,
    values: readonly T[],
  ) => {
    await send(values.map((value) => outgoing(topic, { key: keyOf(value), subject: keyOf(value), value })));
  };
  return {
    publisher: { publish: send },
    received,
    topicNames: { events: topics.events.name, profiles: topics.profiles.name },
    fatal,
    orders: (...facts) => publishFacts(topics.orders, facts),
    refunds: (...facts) => publishFacts(topics.refunds, facts),
    commands: (...commands) => publishFacts(topics.commands, commands),
    serve: async (mapper) => {
      @Controller()
      class TestHandlers {
        readonly handlers = new MapperHandlers(mapper);

        @BatchHandler(topics.orders)
        orders(batch: MessageBatch<OrderFact>) {
          return this.handlers.orders(batch);
        }

        @BatchHandler(topics.refunds)
        refunds(batch: MessageBatch<RefundFact>) {
          return this.handlers.refunds(batch);
        }

        @BatchHandler(topics.commands)
        commands(batch: MessageBatch<Command>) {
          return this.handlers.commands(batch);
        }
      }
      let stopping: Promise<void> | undefined;
      const close = await run(mapperGroup, read, TestHandlers);
      const stop = () => (stopping ??= close());
      closers.unshift(stop);
      return { stop };
    },
    rewind: async () => {
      const admin = connection.client.admin();
      await admin.connect();
      try {
        for (const { name } of read)
          await admin.resetOffsets({ groupId: mapperGroup, topic: name, earliest: true });
      } finally {
        await admin.disconnect();
      }
    },
    close: async () => {
      for (const close of closers) await close();
      await publisher.close();
    },
  };
}
