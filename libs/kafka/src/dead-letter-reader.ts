import { randomUUID } from 'node:crypto';
import { deadLetterHeaders } from '@watertight/contracts';
import { type Clock, RetryableError } from '@watertight/service';
import type { Admin, Consumer, EachBatchPayload } from 'kafkajs';
import { sizedRecord } from './encode-message.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { isTransient, unavailable } from './kafka-errors.ts';
import { type RawHeaders, type RawRecord, textHeaders } from './parse-message.ts';
import { RecordSender } from './record-sender.ts';

/** Where a dead letter lies on its dead-letter topic. */
export interface LetterPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** A dead letter as it lies there: original key, bytes and headers, and what was noted of it. */
export interface StoredDeadLetter extends LetterPosition {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** As text, the `dlq_` headers among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: RawHeaders;
}

/** Offsets from `from` up to and without `to`. */
interface Stretch {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

const READ_DEADLINE_MS = 15_000;
const NOTES: ReadonlySet<string> = new Set(Object.values(deadLetterHeaders));

/** Reads dead letters and puts them back on the topics they came from. It keeps no place and takes nothing away. */
export class DeadLetterReader {
  readonly #sender: RecordSender;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly clock: Clock,
  ) {
    this.#sender = new RecordSender({ connection, gzip: false });
  }

  /** The newest of each topic, at most `limit` of each partition. Throws RetryableError when Kafka does not answer. */
  async newest(topics: readonly string[], limit: number): Promise<StoredDeadLetter[]> {
    const stretches = await this.#stretches(topics, (low, high) => {
      const from = high - BigInt(limit);
      return { from: from > low ? from : low, to: high };
    });
    return this.#read(stretches);
  }

  /** Those of the positions that are still there. Throws RetryableError when Kafka does not answer. */
  async at(positions: readonly LetterPosition[]): Promise<StoredDeadLetter[]> {
    const wanted = Map.groupBy(positions, ({ topic, partition }) => `${topic}/${partition}`);
    const topics = [...new Set(positions.map(({ topic }) => topic))];
    const stretches = await this.#stretches(topics, (low, high, place) => {
      const offsets = (wanted.get(place) ?? []).map(({ offset }) => BigInt(offset));
      const there = offsets.filter((offset) => offset >= low && offset < high);
      if (there.length === 0) return { from: high, to: high };
      const [first, last] = [there.reduce(smaller), there.reduce(larger)];
      return { from: first, to: last + 1n };
    });
    const keys = new Set(positions.map(placeOf));
    return (await this.#read(stretches)).filter((letter) => keys.has(placeOf(letter)));
  }

  /**
   * Publishes the original key, bytes and headers on the topic each letter came from; resolves when they are stored.
   * Throws RangeError for a letter that never was on a topic.
   */
  async putBack(letters: readonly StoredDeadLetter[]): Promise<void> {
    const records = letters.map(({ headers, key, value, rawHeaders }) => {
      const topic = headers[deadLetterHeaders.topic];
      if (topic === undefined) throw new RangeError('a dead letter does not say where it came from');
      const original = Object.entries(rawHeaders).filter(([name]) => !NOTES.has(name));
      return sizedRecord(topic, key, value, Object.fromEntries(original));
    });
    await this.#sender.send(records);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    await this.#sender.close();
  }

  async #stretches(
    topics: readonly string[],
    choose: (low: bigint, high: bigint, place: string) => Pick<Stretch, 'from' | 'to'>,
  ): Promise<Stretch[]> {
    return this.#withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const stretches: Stretch[] = [];
      for (const topic of topics.filter((name) => existing.has(name))) {
        for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
          const chosen = choose(BigInt(low), BigInt(high), `${topic}/${partition}`);
          if (chosen.from < chosen.to) stretches.push({ topic, partition, ...chosen });
        }
      }
      return stretches;
    });
  }

  async #read(stretches: readonly Stretch[]): Promise<StoredDeadLetter[]> {
    if (stretches.length === 0) return [];
    const groupId = `${this.connection.clientId}.reader-${randomUUID()}`;
    const consumer = this.connection.client.consumer({
      groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 250,
    });
    try {
      return await this.#collect(consumer, stretches);
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw unavailable('Cannot read dead letters', this.connection.brokers, error);
    } finally {
      await consumer.disconnect();
      await this.#withAdmin((admin) => admin.deleteGroups([groupId]));
    }
  }

  async #collect(consumer: Consumer, stretches: readonly Stretch[]): Promise<StoredDeadLetter[]> {
    const found: StoredDeadLetter[] = [];
    const unread = new Map(stretches.map((one) => [`${one.topic}/${one.partition}`, one]));
    const done = Promise.withResolvers<void>();
    await consumer.connect();
    await consumer.subscribe({
      topics: [...new Set(stretches.map(({ topic }) => topic))],
      fromBeginning: true,
    });
    consumer.on('consumer.crash', ({ payload }) => done.reject(payload.error));
    await consumer.run({
      autoCommit: false,
      eachBatch: async (payload) => {
        const place = `${payload.batch.topic}/${payload.batch.partition}`;
        const stretch = unread.get(place);
        if (stretch === undefined) return;
        found.push(...lettersOf(payload, stretch));
        if (BigInt(payload.batch.lastOffset()) + 1n < stretch.to) return;
        unread.delete(place);
        if (unread.size === 0) done.resolve();
      },
    });
    for (const { topic, partition, from } of stretches)
      consumer.seek({ topic, partition, offset: String(from) });
    const stopped = new AbortController();
    try {
      await Promise.race([done.promise, this.#deadline(stopped.signal)]);
    } finally {
      stopped.abort();
    }
    return found;
  }

  async #deadline(stopped: AbortSignal): Promise<void> {
    await this.clock.sleep(READ_DEADLINE_MS, stopped);
    if (!stopped.aborted) throw new RetryableError('Kafka gave no dead letters in time; ask again');
  }

  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.connection.client.admin();
    try {
      await admin.connect();
      return await work(admin);
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw unavailable('Cannot read dead letters', this.connection.brokers, error);
    } finally {
      await admin.disconnect();
    }
  }
}

function lettersOf({ batch }: EachBatchPayload, { from, to }: Stretch): StoredDeadLetter[] {
  return batch.messages
    .filter(({ offset }) => BigInt(offset) >= from && BigInt(offset) < to)
    .map((message: RawRecord) => ({
      topic: batch.topic,
      partition: batch.partition,
      offset: message.offset,
      key: message.key,
      value: message.value,
      headers: textHeaders(message.headers ?? {}),
      rawHeaders: message.headers ?? {},
    }));
}

function placeOf({ topic, partition, offset }: LetterPosition): string {
  return `${topic}/${partition}/${offset}`;
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
