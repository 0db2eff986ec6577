import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { deadLetterTopicName, type Stage, type TopicDefinition, Topics } from '@watertight/contracts';
import { type Clock, ConfigError, exitCodes, type Logger, systemClock } from '@watertight/service';
import { isObservable, lastValueFrom } from 'rxjs';
import { unreadableOutcome, type DeadLetter } from './dead-letter.ts';
import {
  DEFAULT_DEAD_LETTER_LIMIT,
  DeadLetterLimit,
  type DeadLetterLimitSettings,
} from './dead-letter-limit.ts';
import { outgoing } from './encode-message.ts';
import { GroupConsumer } from './group-consumer.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { BrokersSilentError, LagMonitor } from './lag-monitor.ts';
import { noteAssignment } from './note-assignment.ts';
import { DEFAULT_BACKOFF, type BackoffSettings } from './lane-pauses.ts';
import type { MessageBatch } from './message-batch.ts';
import { runBatch, type BatchEnd, type BatchPort, type Lane } from './run-batch.ts';
import type { RawRecord } from './parse-message.ts';
import type { TopicPublisher } from './topic-publisher.ts';
import { checkTopics } from './topics-admin.ts';

export interface BatchStrategyOptions {
  readonly connection: KafkaConnection;
  /** For dead letters and the outcomes of records that no handler can be given. */
  readonly publisher: TopicPublisher;
  /** The consumer group, used exactly as given. */
  readonly groupId: string;
  readonly stage: Stage;
  /** What the service subscribes to. Each needs a handler, and each handler needs its topic here. */
  readonly topics: readonly TopicDefinition[];
  /** Default 500. */
  readonly maxBatchMessages?: number;
  /** Default 4 MB: a slice is in memory several times over while it is parsed and written. */
  readonly maxBatchBytes?: number;
  /**
   * Default 1: partitions take turns, so that handlers of one service never wait for each other's row locks, and a
   * service needs one database connection. Raise it where the handler mostly waits for somebody else (HTTP).
   */
  readonly partitionsConsumedConcurrently?: number;
  /**
   * Default 1: how many members of the group this replica is. kafkajs fetches again only when all that it fetched last
   * has been dealt with, so towards the end of a fetch a handler that gathers work over its partitions gets less and
   * less of it. With two members the one works on while the other fetches.
   */
  readonly members?: number;
  /** Default: the connection's. After this long a member that died is missed and its partitions are given away. */
  readonly sessionTimeoutMs?: number;
  /** Default 10 s: how often the lag is looked at. */
  readonly lagIntervalMs?: number;
  /** Default 15 s, to be under the service's own deadline. */
  readonly drainDeadlineMs?: number;
  readonly backoff?: BackoffSettings;
  readonly deadLetterLimit?: DeadLetterLimitSettings;
  /** Where outcomes go; another topic only in tests. */
  readonly outcomesTopic?: typeof Topics.outcomes;
  readonly clock?: Clock;
  /** Default: one fatal line, exit 70. Nothing is committed afterwards. */
  readonly onFatal?: (error: unknown) => void;
}

const MAX_BATCH_MESSAGES = 500;
const MAX_BATCH_BYTES = 4_000_000;
const DRAIN_DEADLINE_MS = 15_000;

/**
 * The NestJS transport for batches. A method decorated with BatchHandler gets the parsed messages of one partition, in
 * order and bounded in number and bytes, and returns one outcome for each. The strategy does the rest: offsets,
 * heartbeats, retries with back-off, dead letters, lag, and finishing what was begun when the service stops.
 */
export class BatchStrategy extends Server implements CustomTransportStrategy {
  readonly #options: BatchStrategyOptions;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #lag: LagMonitor;
  readonly #lanes = new Map<string, Lane>();
  #members: readonly GroupConsumer[] = [];
  readonly #assignments = new Map<number, Readonly<Record<string, readonly number[]>>>();

  constructor(options: BatchStrategyOptions) {
    super();
    this.#options = options;
    this.#log = options.connection.logger;
    this.#clock = options.clock ?? systemClock;
    this.#lag = new LagMonitor(options.connection, options.groupId, this.#clock, options.lagIntervalMs);
  }

  /** Called by NestJS. Calls back without an error once the group is joined, with one when it cannot be. */
  override listen(callback: (error?: unknown) => void): void {
    this.#start().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  /** Called by NestJS before it closes what the handlers use. */
  override async close(): Promise<void> {
    const deadlineMs = this.#options.drainDeadlineMs ?? DRAIN_DEADLINE_MS;
    await Promise.all(this.#members.map((member) => member.close(deadlineMs)));
    await this.#lag.stop();
  }

  /** A readiness check: rejects, saying why, when this service does not take messages. */
  check(): Promise<void> {
    return Promise.resolve().then(() => {
      const states = this.#members.length === 0 ? ['starting'] : this.#members.map(({ state }) => state);
      const state = states.find((one) => one !== 'joined');
      if (state !== undefined) throw new BrokersSilentError(`the consumer group is not joined (${state})`);
      this.#lag.check();
      const stormy = [...this.#lanes.values()].filter(({ deadLetterLimit }) => deadLetterLimit.isPaused);
      if (stormy.length === 0) return;
      const names = stormy.map(({ topic }) => topic.name).join(', ');
      throw new LanePausedError(`paused by the dead-letter limit: ${names}`);
    });
  }

  /** kafkajs stays inside this library. */
  override on(event: string): never {
    throw new TypeError(`BatchStrategy emits no "${event}"; ask check() or the metrics`);
  }

  /** kafkajs stays inside this library. */
  override unwrap(): never {
    throw new TypeError('BatchStrategy does not hand out its client');
  }

  async #start(): Promise<void> {
    const { connection, groupId, topics, publisher, members = 1 } = this.#options;
    this.#makeLanes();
    const deadLetterTopics = topics.map(({ name }) => deadLetterTopicName(name, groupId));
    await checkTopics(connection, [...topics, this.#outcomesTopic()], deadLetterTopics);
    await publisher.connect();
    this.#members = Array.from({ length: members }, (_, index) => this.#memberOf(index));
    await Promise.all(this.#members.map((member) => member.start()));
    this.#lag.start();
  }

  #memberOf(index: number): GroupConsumer {
    const { connection, groupId, topics, partitionsConsumedConcurrently = 1 } = this.#options;
    return new GroupConsumer({
      connection,
      groupId,
      topics: topics.map(({ name }) => name),
      sessionTimeoutMs: this.#options.sessionTimeoutMs ?? connection.sessionTimeoutMs,
      partitionsConsumedConcurrently,
      backoff: this.#options.backoff ?? DEFAULT_BACKOFF,
      clock: this.#clock,
      runBatch: (topic, records, port) => this.#runBatch(topic, records, port),
      onHead: (topic, partition, record) =>
        this.#lag.noteHead(topic, partition, record.offset, Number(record.timestamp)),
      onAssigned: (assignment) => this.#onAssigned(index, assignment),
      onFatal: this.#options.onFatal ?? ((error) => this.#exit(error)),
    });
  }

  /** What this replica has is what its members have together. */
  #onAssigned(member: number, assignment: Readonly<Record<string, readonly number[]>>): void {
    this.#assignments.set(member, assignment);
    const all: Record<string, number[]> = {};
    for (const one of this.#assignments.values())
      for (const [topic, partitions] of Object.entries(one)) (all[topic] ??= []).push(...partitions);
    noteAssignment(
      this.#options.groupId,
      this.#options.topics.map(({ name }) => name),
      all,
    );
    this.#lag.assign(all);
  }

  /** Throws ConfigError with everything that does not fit together. */
  #makeLanes(): void {
    const { topics, groupId } = this.#options;
    const subscribed = new Map(topics.map((topic) => [topic.name, topic]));
    const problems = topics
      .filter(({ name }) => !this.messageHandlers.has(name))
      .map(({ name }) => `${groupId} subscribes to ${name} but has no @BatchHandler for it`);
    for (const [pattern, handler] of this.messageHandlers) {
      const topic = subscribed.get(pattern);
      if (topic === undefined)
        problems.push(`${groupId} has a handler for ${pattern} but does not subscribe to it`);
      else if (handler.next !== undefined) problems.push(`${groupId} has two handlers for ${pattern}`);
      else this.#lanes.set(pattern, this.#laneOf(topic, handler));
    }
    if (problems.length > 0) throw new ConfigError(problems);
  }

  #laneOf(topic: TopicDefinition, handler: MessageHandler): Lane {
    const { groupId, stage, maxBatchMessages, maxBatchBytes, deadLetterLimit } = this.#options;
    return {
      topic,
      group: groupId,
      stage,
      limits: {
        maxMessages: maxBatchMessages ?? MAX_BATCH_MESSAGES,
        maxBytes: maxBatchBytes ?? MAX_BATCH_BYTES,
      },
      deadLetterLimit: new DeadLetterLimit(deadLetterLimit ?? DEFAULT_DEAD_LETTER_LIMIT),
      clock: this.#clock,
      handle: (batch) => call(handler, batch),
      divert: (letters, unseen) => this.#divert(topic, letters, unseen),
    };
  }

  #runBatch(topic: string, records: readonly RawRecord[], port: BatchPort): Promise<BatchEnd> {
    const lane = this.#lanes.get(topic);
    if (lane === undefined) throw new TypeError(`a record of ${topic} came, which nobody subscribed to`);
    return runBatch(lane, records, port);
  }

  async #divert(
    topic: TopicDefinition,
    letters: readonly DeadLetter[],
    unseen: readonly DeadLetter[],
  ): Promise<void> {
    const { publisher } = this.#options;
    await publisher.publishDeadLetters(letters);
    const outcomes = unseen.map((letter) => unreadableOutcome(topic, letter));
    if (outcomes.length === 0) return;
    await publisher.publish(
      outcomes.map((outcome) => {
        const subject = outcome.orderKey ?? outcome.factId;
        return outgoing(this.#outcomesTopic(), {
          key: subject,
          subject,
          value: outcome,
          id: outcome.outcomeId,
        });
      }),
    );
  }

  #outcomesTopic(): typeof Topics.outcomes {
    return this.#options.outcomesTopic ?? Topics.outcomes;
  }

  #exit(error: unknown): void {
    this.#log.fatal(
      { event: 'unknown_error', err: error },
      'unknown error, stopping; nothing more is committed',
    );
    process.exit(exitCodes.unknownError);
  }
}

export class LanePausedError extends Error {
  override readonly name = 'LanePausedError';
}

/** NestJS gives a promise of the handler's return value, or of an observable that carries its error. */
async function call(handler: MessageHandler, batch: MessageBatch<unknown>): Promise<unknown> {
  const result: unknown = await handler(batch);
  return isObservable(result) ? lastValueFrom(result) : result;
}
