import type { Clock, Logger } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import kafkajs, {
  type Consumer,
  type ConsumerCrashEvent,
  type ConsumerGroupJoinEvent,
  type EachBatchPayload,
} from 'kafkajs';
import { consumerConfig, heartbeatIntervalMs } from './consumer-config.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { connectError, isGroupError, isMembershipLost, unavailable } from './kafka-errors.ts';
import { kafkaMetrics } from './kafka-metrics.ts';
import { LanePauses, type BackoffSettings } from './lane-pauses.ts';
import type { RawRecord } from './parse-message.ts';
import { HandlerFailure, type BatchEnd, type BatchPort } from './run-batch.ts';

export interface GroupConsumerOptions {
  readonly connection: KafkaConnection;
  /** Used exactly as given. */
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly partitionsConsumedConcurrently: number;
  readonly backoff: BackoffSettings;
  readonly clock: Clock;
  readonly runBatch: (topic: string, records: readonly RawRecord[], port: BatchPort) => Promise<BatchEnd>;
  /** The record that is next to be dealt with, as far as one is in hand. */
  readonly onHead: (topic: string, partition: number, record: RawRecord) => void;
  readonly onAssigned: (assignment: Readonly<Record<string, readonly number[]>>) => void;
  /** Called once. The consumer has stopped or is stopping; nothing more is committed. */
  readonly onFatal: (error: unknown) => void;
}

export type ConsumerState = 'starting' | 'joined' | 'unavailable' | 'closing' | 'failed';

const START_DEADLINE_MS = 90_000;
/** How long other partitions' handlers may take to notice that the service fails. */
const FATAL_GRACE_MS = 5_000;
const ABORT_GRACE_MS = 2_000;
/** Leaving the group takes milliseconds, or for ever when the brokers are gone. */
const LEAVE_DEADLINE_MS = 3_000;

/** A kafkajs consumer that commits by slices, pauses by partitions, and never goes on after an unknown error. */
export class GroupConsumer {
  readonly #options: GroupConsumerOptions;
  readonly #logger: Logger;
  readonly #consumer: Consumer;
  readonly #pauses: LanePauses;
  readonly #handlers = new Set<AbortController>();
  #state: ConsumerState = 'starting';
  /** What the group said when it began to share out anew; kafkajs joins again when it is thrown this. */
  #rejoin: unknown;
  #outage = false;
  #isClosing = false;
  #fatal: { readonly error: unknown } | undefined;
  readonly #fatalReported = new AbortController();
  /** Resolves when the last handler has ended after the consumer was asked to close. */
  readonly #idle = Promise.withResolvers<void>();
  readonly #started = Promise.withResolvers<void>();

  constructor(options: GroupConsumerOptions) {
    const { connection, groupId, sessionTimeoutMs, clock, backoff } = options;
    this.#options = options;
    this.#logger = connection.logger;
    this.#consumer = connection.consumers.consumer(
      consumerConfig(groupId, sessionTimeoutMs, () => this.#mayRestart()),
    );
    const control = {
      pause: (topic: string, partition: number) => this.#consumer.pause([{ topic, partitions: [partition] }]),
      resume: (topic: string, partition: number) => this.#resume(topic, partition),
    };
    this.#pauses = new LanePauses(groupId, control, clock, backoff, Math.random);
    this.#started.promise.catch(() => undefined);
    this.#consumer.on('consumer.stop', () => this.#onStopped());
    this.#consumer.on('consumer.group_join', (event) => this.#onJoined(event));
    this.#consumer.on('consumer.crash', (event) => this.#onCrash(event));
  }

  get state(): ConsumerState {
    return this.#state;
  }

  /** Resolves when this member has joined the group. RetryableError when no broker answers. */
  async start(): Promise<void> {
    const { connection, topics, partitionsConsumedConcurrently, clock } = this.#options;
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    } catch (error) {
      throw connectError('Cannot consume', connection.brokers, error);
    }
    await this.#consumer.run({
      // Offsets are committed after each slice, by nobody else and for nothing else.
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently,
      eachBatch: (payload) => this.#onBatch(payload),
    });
    const joined = new AbortController();
    const overdue = clock.sleep(START_DEADLINE_MS, joined.signal).then(() => {
      if (!joined.signal.aborted)
        throw unavailable('Cannot join the group', connection.brokers, 'no answer in time');
    });
    try {
      await Promise.race([this.#started.promise, overdue]);
    } finally {
      joined.abort();
    }
  }

  /** Finishes the slices in hand, commits them and leaves the group; past the deadline their handlers are aborted. */
  async close(deadlineMs: number): Promise<void> {
    const { clock } = this.#options;
    this.#isClosing = true;
    if (this.#fatal === undefined) this.#state = 'closing';
    this.#pauses.clear({ resume: false });
    const left = this.#consumer.disconnect().then(() => true);
    const idle = this.#idle.promise.then(() => true);
    if (this.#handlers.size > 0 && !(await firstOf(idle, clock, deadlineMs))) {
      this.#logger.warn(
        { event: 'drain_overdue', deadlineMs },
        'handlers did not finish in time and are aborted',
      );
      this.#abortHandlers();
      await firstOf(idle, clock, ABORT_GRACE_MS);
    }
    if (await firstOf(left, clock, LEAVE_DEADLINE_MS)) return;
    const fields = { event: 'group_not_left', group: this.#options.groupId };
    this.#logger.warn(
      fields,
      'the brokers do not answer; the group waits until the session of this member has ended',
    );
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const [first] = messages;
    if (first === undefined || this.#pauses.isPaused(topic, partition)) return;
    this.#options.onHead(topic, partition, first);
    const handler = new AbortController();
    this.#handlers.add(handler);
    try {
      const end = await this.#options.runBatch(topic, messages, this.#portOf(payload, handler.signal));
      this.#conclude(topic, partition, end);
    } catch (error) {
      if (isGroupError(error)) this.#noteGroupError(error);
      if (error instanceof kafkajs.KafkaJSError) throw error;
      this.#fail(error instanceof HandlerFailure ? error.cause : error);
      throw new kafkajs.KafkaJSNonRetriableError('the service stops after an unknown error');
    } finally {
      this.#handlers.delete(handler);
      if (this.#isClosing && this.#handlers.size === 0) this.#idle.resolve();
    }
  }

  #conclude(topic: string, partition: number, end: BatchEnd): void {
    const place = { group: this.#options.groupId, topic, partition };
    if (end.kind === 'retry') {
      const { attempt, delayMs } = this.#pauses.retryLater(topic, partition, end.error.retryAfterMs);
      const fields = { event: 'lane_paused', ...place, offset: end.offset, attempt, delayMs, err: end.error };
      // Each power of two only: an outage of a night is a dozen lines, not thousands.
      if ((attempt & (attempt - 1)) === 0)
        this.#logger.warn(fields, 'cannot go on now; the same messages again later');
    } else if (end.kind === 'storm') {
      this.#logger.error(
        { event: 'dead_letter_limit', ...place, ...end },
        'too many dead letters: paused, none diverted',
      );
      this.#pauses.pauseFor(topic, partition, 'dead_letters', end.forMs);
    } else if (end.kind === 'waiting') {
      this.#pauses.pauseFor(topic, partition, 'dead_letters', end.forMs);
    } else if (end.kind === 'stopped' && this.#rejoin !== undefined) {
      throw this.#rejoin;
    }
  }

  #portOf(payload: EachBatchPayload, signal: AbortSignal): BatchPort {
    const { topic, partition } = payload.batch;
    return {
      partition,
      signal,
      attempt: this.#pauses.attemptOf(topic, partition),
      mustStop: () => this.#mustStop() || !payload.isRunning() || payload.isStale(),
      whileBeating: async (work) => {
        const intervalMs = heartbeatIntervalMs(this.#options.sessionTimeoutMs);
        const timer = setInterval(() => void this.#beat(payload), intervalMs);
        try {
          return await work();
        } finally {
          clearInterval(timer);
        }
      },
      settle: async (last, next) => {
        payload.resolveOffset(last.offset);
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
        crashPoint('kafka.offsets_committed');
        const failures = this.#pauses.succeeded(topic, partition);
        if (failures > 0)
          this.#logger.info({ event: 'lane_flows', topic, partition, failures }, 'works again');
        if (next !== undefined) this.#options.onHead(topic, partition, next);
        await payload.heartbeat();
      },
    };
  }

  /** Never rejects: what a heartbeat says during a slice matters at its end. */
  async #beat(payload: EachBatchPayload): Promise<void> {
    try {
      await payload.heartbeat();
    } catch (error) {
      if (isGroupError(error)) this.#noteGroupError(error);
      else this.#logger.debug({ err: error }, 'a heartbeat got no answer');
    }
  }

  #noteGroupError(error: unknown): void {
    this.#rejoin ??= error;
    if (isMembershipLost(error)) this.#abortHandlers();
  }

  #resume(topic: string, partition: number): void {
    // Between an outage and the next join kafkajs has no group to resume in; it begins the next one without pauses.
    if (this.#state === 'joined') this.#consumer.resume([{ topic, partitions: [partition] }]);
  }

  #mustStop(): boolean {
    return this.#rejoin !== undefined || this.#fatal !== undefined || this.#isClosing;
  }

  #mayRestart(): boolean {
    return this.#fatal === undefined && !this.#isClosing;
  }

  #onJoined({ payload }: ConsumerGroupJoinEvent): void {
    if (this.#outage)
      this.#logger.info({ event: 'consumer_back', group: payload.groupId }, 'the brokers answer again');
    this.#outage = false;
    if (this.#mayRestart()) this.#state = 'joined';
    this.#rejoin = undefined;
    // The partitions may have moved: whoever has one now begins with a clean record.
    this.#pauses.clear({ resume: true });
    this.#options.onAssigned(payload.memberAssignment);
    this.#started.resolve();
  }

  /** kafkajs stops before it starts again after an outage: until it has joined there is nothing to resume. */
  #onStopped(): void {
    if (this.#state === 'joined') this.#state = 'unavailable';
    this.#pauses.clear({ resume: false });
  }

  #onCrash({ payload }: ConsumerCrashEvent): void {
    if (payload.restart) {
      kafkaMetrics.restarts.inc({ group: payload.groupId });
      if (!this.#outage) {
        const fields = { event: 'consumer_unavailable', group: payload.groupId, err: payload.error };
        this.#logger.warn(fields, 'the brokers do not answer; trying again until they do');
      }
      this.#outage = true;
      return;
    }
    if (this.#isClosing) return;
    this.#fatal ??= { error: payload.error };
    this.#reportFatal();
  }

  #fail(error: unknown): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = { error };
    this.#state = 'failed';
    this.#abortHandlers();
    // kafkajs leaves the group first, so that the partitions are free at once; but not for ever.
    void this.#options.clock
      .sleep(FATAL_GRACE_MS, this.#fatalReported.signal)
      .then(() => this.#reportFatal());
  }

  #reportFatal(): void {
    if (this.#fatal === undefined || this.#fatalReported.signal.aborted) return;
    this.#fatalReported.abort();
    this.#state = 'failed';
    this.#started.reject(this.#fatal.error);
    this.#options.onFatal(this.#fatal.error);
  }

  #abortHandlers(): void {
    for (const handler of this.#handlers) handler.abort();
  }
}

/** True when the promise came true within the time. */
async function firstOf(promise: Promise<boolean>, clock: Clock, withinMs: number): Promise<boolean> {
  const ended = new AbortController();
  try {
    return await Promise.race([promise, clock.sleep(withinMs, ended.signal).then(() => false)]);
  } finally {
    ended.abort();
  }
}
