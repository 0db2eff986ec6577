import { randomBytes } from 'node:crypto';
import { Controller, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type BuyerEvent,
  deadLetterTopicName,
  type FactOutcome,
  type Outcome,
  type TopicDefinition,
  Topics,
} from '@watertight/contracts';
import {
  BatchHandler,
  BatchStrategy,
  type BatchStrategyOptions,
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
import { SkippingClock } from './skipping-clock.fixture.ts';
import {
  type BenchOptions,
  type BenchWriter,
  benchWriter,
  type KlaviyoDouble,
} from './writer-bench.fixture.ts';

/** A writer as it runs: fed by real topics of its own, with its verification, and with what it says read back. */
export interface KafkaLane {
  readonly writer: BenchWriter;
  /** The newest word on each buyer event, as a subscriber of the outcomes has it. */
  readonly words: ReadonlyMap<string, FactOutcome>;
  /** Errors that would have ended the process. */
  readonly fatal: readonly unknown[];
  publish(events: readonly BuyerEvent[]): Promise<void>;
  /** Time goes on at once: for the writer, for the limiter's row in the database, and for Klaviyo. */
  skip(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface LaneOptions extends Partial<BenchOptions> {
  /** Messages that a lane takes at a time: few are a live shop (single route), many are history (bulk). */
  readonly maxBatchMessages: number;
}

const PARTITIONS = 6;

export async function kafkaLane(klaviyo: KlaviyoDouble, options: LaneOptions): Promise<KafkaLane> {
  const id = randomBytes(4).toString('hex');
  const own = <T extends TopicDefinition>(topic: T): T => ({
    ...topic,
    name: `${topic.name}.${id}`,
    partitions: PARTITIONS,
    groups: [],
  });
  const topics = { events: own(Topics.buyerEvents), outcomes: own(Topics.outcomes) };
  const [writerGroup, readerGroup] = [`writer-${id}`, `reader-${id}`];
  const connection = connectKafka({
    brokers: testStack().kafkaBrokers,
    clientId: writerGroup,
    logger: createLogger(writerGroup, 'silent'),
  });
  await ensureTopics(connection, [
    topics.events,
    topics.outcomes,
    deadLettersOf(topics.events, writerGroup),
    deadLettersOf(topics.outcomes, readerGroup),
  ]);
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const renamed = new Map<string, TopicDefinition>([[Topics.outcomes.name, topics.outcomes]]);
  const publishOwn = (messages: readonly OutgoingMessage[]) =>
    publisher.publish(
      messages.map((message) => ({ ...message, topic: renamed.get(message.topic.name) ?? message.topic })),
    );
  const clock = new SkippingClock();
  const writer = await benchWriter({
    baseUrl: klaviyo.baseUrl,
    publisher: { publish: publishOwn },
    clock,
    ...options,
  });
  const words = new Map<string, FactOutcome>();
  const fatal: unknown[] = [];
  const shared = {
    connection,
    publisher,
    stage: 'writer',
    outcomesTopic: topics.outcomes,
    onFatal: (error: unknown) => void fatal.push(error),
  } as const;
  const stopReading = await serve(readerOf(topics.outcomes, words), {
    ...shared,
    groupId: readerGroup,
    topics: [topics.outcomes],
  });
  const stopWriting = await serve(deliveryOf(topics.events, writer), {
    ...shared,
    groupId: writerGroup,
    topics: [topics.events],
    clock,
    maxBatchMessages: options.maxBatchMessages,
    partitionsConsumedConcurrently: PARTITIONS,
  });
  writer.verifyLoop.onApplicationBootstrap();
  return {
    writer,
    words,
    fatal,
    publish: async (events) => {
      await publisher.publish(
        events.map((value) =>
          outgoing(topics.events, { key: value.buyerId, subject: value.orderKey, value, id: value.eventId }),
        ),
      );
    },
    skip: async (ms) => {
      await klaviyo.skip(ms);
      await writer.database.execute(
        `update account_limit set next_at = next_at - make_interval(secs => $1),
           minute = minute - make_interval(secs => $1), frozen_until = frozen_until - make_interval(secs => $1)`,
        [ms / 1_000],
      );
      clock.skip(ms);
    },
    close: async () => {
      await Promise.all([stopWriting(), stopReading(), writer.verifyLoop.beforeApplicationShutdown()]);
      await publisher.close();
      await writer.close();
    },
  };
}

function deadLettersOf(topic: TopicDefinition, group: string): TopicDefinition {
  return { ...topic, name: deadLetterTopicName(topic.name, group), cleanup: 'delete', partitions: 1 };
}

function deliveryOf(topic: typeof Topics.buyerEvents, { deliverBatch }: BenchWriter): Type {
  @Controller()
  class Delivery {
    @BatchHandler(topic)
    events(batch: MessageBatch<BuyerEvent>) {
      return deliverBatch.deliver(batch);
    }
  }
  return Delivery;
}

function readerOf(topic: typeof Topics.outcomes, words: Map<string, FactOutcome>): Type {
  @Controller()
  class Reader {
    @BatchHandler(topic)
    outcomes({ messages }: MessageBatch<Outcome>): Promise<readonly MessageOutcome[]> {
      for (const { value } of messages) {
        if (value.kind !== 'fact') continue;
        const known = words.get(value.factId);
        if (known === undefined || known.revision <= value.revision) words.set(value.factId, value);
      }
      return Promise.resolve(messages.map(() => DONE));
    }
  }
  return Reader;
}

async function serve(controller: Type, options: BatchStrategyOptions): Promise<() => Promise<void>> {
  class TestModule {}
  const module = { module: TestModule, controllers: [controller] };
  const strategy = new BatchStrategy(options);
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  return () => app.close();
}
