import type { Logger } from '@watertight/service';
import kafkajs, { type Message, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs';
import type { OutgoingRecord } from './encode-message.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import {
  connectError,
  isFatalProducerError,
  isTransient,
  RequestRefusedError,
  rootCause,
  unavailable,
} from './kafka-errors.ts';
import { kafkaMetrics } from './kafka-metrics.ts';
import { REQUEST_MAX_BYTES } from './limits.ts';

/** Where a published record lies. */
export interface PublishedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface RecordSenderOptions {
  readonly connection: KafkaConnection;
  /** Costs CPU and saves disk and network; off unless the brokers are far away. */
  readonly gzip: boolean;
}

interface Job {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly resolve: (positions: PublishedPosition[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Attempts of kafkajs inside one send; with the connection's own retries about 10 s in all. */
const PRODUCER_RETRIES = 3;
const ACKS_TIMEOUT_MS = 10_000;

/**
 * Sends records with kafkajs's idempotent producer, one request at a time. What is asked for while a request is under
 * way goes out together in the next one, so there is no linger and still no request per record under load.
 *
 * One at a time, and a new producer after each failure, because of how kafkajs 2.2.4 counts sequence numbers: a
 * failed request gives its numbers back although the broker may have stored it; another batch that then goes out
 * under the same numbers is taken for a repeat, and confirmed without being stored.
 */
export class RecordSender {
  readonly #connection: KafkaConnection;
  readonly #gzip: boolean;
  readonly #logger: Logger;
  readonly #queue: Job[] = [];
  #pumping: Promise<void> | undefined;
  #producer: Promise<Producer> | undefined;
  /** Where the partitioner put each message; asked for afterwards to tell the records' offsets. */
  #partitions = new WeakMap<Message, number>();

  constructor({ connection, gzip }: RecordSenderOptions) {
    this.#connection = connection;
    this.#gzip = gzip;
    this.#logger = connection.logger;
  }

  /** Connects now rather than with the first record. Rejects with RetryableError when no broker answers. */
  async connect(): Promise<void> {
    await this.#connected();
  }

  /**
   * Resolves when every record is stored on all in-sync replicas, with their positions in the order of the records.
   * A record never overtakes another of the same call. Rejects with RetryableError (some may have been stored;
   * sending all again is right) or RequestRefusedError.
   */
  async send(records: readonly OutgoingRecord[]): Promise<PublishedPosition[]> {
    const positions: PublishedPosition[] = [];
    for (const chunk of chunksOf(records)) positions.push(...(await this.#enqueue(chunk)));
    return positions;
  }

  /** Waits for what is under way and leaves. */
  async close(): Promise<void> {
    await this.#pumping;
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) await (await producer).disconnect();
  }

  #enqueue(records: readonly OutgoingRecord[]): Promise<PublishedPosition[]> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ records, bytes: bytesOf(records), resolve, reject });
      this.#pumping ??= this.#pump().finally(() => {
        this.#pumping = undefined;
      });
    });
  }

  async #pump(): Promise<void> {
    // A turn of the event loop lets those who ask at the same moment share the first request as well.
    await new Promise((resolve) => setImmediate(resolve));
    for (let jobs = this.#takeJobs(); jobs.length > 0; jobs = this.#takeJobs()) await this.#sendJobs(jobs);
  }

  #takeJobs(): Job[] {
    let bytes = 0;
    let count = 0;
    for (const job of this.#queue) {
      bytes += job.bytes;
      if (count > 0 && bytes > REQUEST_MAX_BYTES) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  /** Settles every job; never rejects. */
  async #sendJobs(jobs: readonly Job[]): Promise<void> {
    const records = jobs.flatMap((job) => job.records);
    try {
      const positions = await this.#sendWithFreshProducerOnce(records);
      for (const job of jobs) job.resolve(positions.splice(0, job.records.length));
      for (const [topic, count] of countBy(records)) kafkaMetrics.published.inc({ topic }, count);
    } catch (error) {
      kafkaMetrics.publishFailures.inc();
      const mapped = this.#explain(error);
      for (const job of jobs) job.reject(mapped);
    }
  }

  async #sendWithFreshProducerOnce(records: readonly OutgoingRecord[]): Promise<PublishedPosition[]> {
    try {
      return await this.#sendOnce(records);
    } catch (error) {
      this.#dropProducer();
      // The broker no longer knows this producer's numbers; a new producer has new ones.
      if (!isFatalProducerError(error)) throw error;
    }
    try {
      return await this.#sendOnce(records);
    } catch (error) {
      this.#dropProducer();
      throw error;
    }
  }

  async #sendOnce(records: readonly OutgoingRecord[]): Promise<PublishedPosition[]> {
    const producer = await this.#connected();
    const messages = records.map(toMessage);
    const metadata = await producer.sendBatch({
      acks: -1,
      timeout: ACKS_TIMEOUT_MS,
      topicMessages: byTopic(records, messages),
      ...(this.#gzip ? { compression: kafkajs.CompressionTypes.GZIP } : {}),
    });
    return this.#positionsOf(records, messages, metadata);
  }

  #positionsOf(
    records: readonly OutgoingRecord[],
    messages: readonly Message[],
    metadata: readonly RecordMetadata[],
  ): PublishedPosition[] {
    const next = new Map<string, bigint>();
    for (const { topicName, partition, baseOffset } of metadata) {
      if (baseOffset !== undefined) next.set(`${topicName}/${partition}`, BigInt(baseOffset));
    }
    return records.map(({ topic }, index) => {
      const message = messages[index];
      const partition = message === undefined ? undefined : this.#partitions.get(message);
      const place = `${topic}/${partition}`;
      const offset = next.get(place);
      if (partition === undefined || offset === undefined || offset < 0n) {
        throw new kafkajs.KafkaJSError(`the broker confirmed ${place} without an offset`);
      }
      next.set(place, offset + 1n);
      return { topic, partition, offset };
    });
  }

  #connected(): Promise<Producer> {
    const connecting = (this.#producer ??= this.#connect());
    // A failed connect must not be remembered; whoever waits for it is told.
    connecting.catch(() => {
      if (this.#producer === connecting) this.#producer = undefined;
    });
    return connecting;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#connection.client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: () => {
        const choose = kafkajs.Partitioners.DefaultPartitioner();
        return (args) => {
          const partition = choose(args);
          this.#partitions.set(args.message, partition);
          return partition;
        };
      },
      retry: { retries: PRODUCER_RETRIES },
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect();
      throw connectError('Cannot publish', this.#connection.brokers, error);
    }
    return producer;
  }

  #dropProducer(): void {
    const dropped = this.#producer;
    this.#producer = undefined;
    // In the background: the connections of a producer that failed may take long to close, and nobody waits for them.
    dropped
      ?.then((producer) => producer.disconnect())
      .catch((error: unknown) => this.#logger.debug({ err: error }, 'could not close a failed producer'));
  }

  #explain(error: unknown): unknown {
    if (isTransient(error)) return unavailable('Records were not published', this.#connection.brokers, error);
    if (!(error instanceof kafkajs.KafkaJSError)) return error;
    const root = rootCause(error);
    const said = root instanceof Error ? root.message : String(root);
    return new RequestRefusedError(`Kafka refused to store records: ${said}`, { cause: error });
  }
}

function chunksOf(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const chunks: OutgoingRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    bytes += record.bytes;
    if (bytes > REQUEST_MAX_BYTES) {
      chunks.push([]);
      bytes = record.bytes;
    }
    chunks.at(-1)?.push(record);
  }
  return chunks;
}

function countBy(records: readonly OutgoingRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { topic } of records) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return counts;
}

function bytesOf(records: readonly OutgoingRecord[]): number {
  return records.reduce((sum, record) => sum + record.bytes, 0);
}

function toMessage({ key, value, headers }: OutgoingRecord): Message {
  return { key, value, headers: { ...headers } };
}

function byTopic(records: readonly OutgoingRecord[], messages: readonly Message[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  records.forEach(({ topic }, index) => {
    const message = messages[index];
    if (message === undefined) return;
    const list = topics.get(topic) ?? [];
    list.push(message);
    topics.set(topic, list);
  });
  return [...topics].map(([topic, list]) => ({ topic, messages: list }));
}
