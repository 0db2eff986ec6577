import { randomUUID } from 'node:crypto';
import type { TopicDefinition } from '@watertight/contracts';
import { RetryableError } from '@watertight/service';
import type { KafkaConnection } from './kafka-connection.ts';
import { connectError } from './kafka-errors.ts';
import type { ReceivedMessage } from './message-batch.ts';
import { parseMessage, type RawRecord } from './parse-message.ts';

/** What a partition holds: offsets from `from` up to and without `to`. */
export interface HeldStretch {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Consecutive messages of one partition that fit the schema of their topic; none when no record of a fetch does. */
export interface WholeBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the last record. */
  readonly nextOffset: string;
  readonly messages: readonly ReceivedMessage<unknown>[];
}

export type TakeBatch = (batch: WholeBatch) => Promise<void>;

const SILENCE_MS = 60_000;
const PARTITIONS_AT_ONCE = 3;

/** What each partition of the topics holds at present. Throws RetryableError when the brokers do not answer. */
export async function heldStretches(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
): Promise<readonly HeldStretch[]> {
  const admin = connection.client.admin();
  try {
    await admin.connect();
    const stretches: HeldStretch[] = [];
    for (const { name: topic } of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        stretches.push({ topic, partition, from: BigInt(low), to: BigInt(high) });
    }
    return stretches;
  } catch (error) {
    throw connectError('reading offsets', connection.brokers, error);
  } finally {
    await admin.disconnect();
  }
}

/** How many consumers are in the group now. Throws RetryableError when the brokers do not answer. */
export async function groupMembers(connection: KafkaConnection, groupId: string): Promise<number> {
  const admin = connection.client.admin();
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    return groups.reduce((count, { members }) => count + members.length, 0);
  } catch (error) {
    throw connectError('reading the group', connection.brokers, error);
  } finally {
    await admin.disconnect();
  }
}

/**
 * Gives `take` everything that the stretches hold, each partition in its order, several partitions at a time, and no
 * more than one fetch of each in memory. It commits nothing and disturbs no group. Throws what `take` throws, and
 * RetryableError when the brokers give nothing for a minute.
 */
export async function readWhole(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
  stretches: readonly HeldStretch[],
  take: TakeBatch,
): Promise<void> {
  const reading = new WholeReading(topics, stretches, take);
  if (reading.isOver) return;
  // A group that commits nothing leaves nothing behind.
  const consumer = connection.consumers.consumer({ groupId: `whole-${randomUUID()}` });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map(({ name }) => name), fromBeginning: true });
    consumer.on(consumer.events.CRASH, ({ payload }) =>
      reading.fail(connectError('reading', connection.brokers, payload.error)),
    );
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: ({ batch, heartbeat }) => reading.batch(batch, heartbeat),
    });
    for (const { topic, partition, from } of stretches)
      consumer.seek({ topic, partition, offset: String(from) });
    await reading.end();
  } finally {
    await consumer.disconnect();
  }
}

interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly RawRecord[];
  lastOffset(): string;
}

/** One reading of everything: which partitions are still open, and how it ends. */
class WholeReading {
  readonly #topics: ReadonlyMap<string, TopicDefinition>;
  readonly #open: Map<string, { readonly to: bigint; next: bigint }>;
  readonly #done = Promise.withResolvers<void>();
  #failed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    topics: readonly TopicDefinition[],
    stretches: readonly HeldStretch[],
    private readonly take: TakeBatch,
  ) {
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]));
    this.#open = new Map(
      stretches
        .filter(({ from, to }) => to > from)
        .map(({ topic, partition, from, to }) => [placeOf(topic, partition), { to, next: from }]),
    );
    this.#done.promise.catch(() => undefined);
  }

  get isOver(): boolean {
    return this.#open.size === 0;
  }

  fail(error: unknown): void {
    this.#failed = true;
    this.#done.reject(error);
  }

  async end(): Promise<void> {
    try {
      this.#expectMore();
      await this.#done.promise;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  async batch(fetched: Fetched, heartbeat: () => Promise<void>): Promise<void> {
    const { topic: name, partition } = fetched;
    const stretch = this.#open.get(placeOf(name, partition));
    const topic = this.#topics.get(name);
    if (this.#failed || stretch === undefined || topic === undefined) return;
    clearTimeout(this.#timer);
    try {
      // After a rebalance the same records may come again; what was taken is not given twice.
      const records = fetched.messages.filter(
        ({ offset }) => BigInt(offset) >= stretch.next && BigInt(offset) < stretch.to,
      );
      const messages = records.flatMap((record) => {
        const parsed = parseMessage(topic, partition, record);
        return parsed.ok ? [parsed.message] : [];
      });
      const last = records.at(-1);
      if (last !== undefined) {
        const next = BigInt(last.offset) + 1n;
        await this.take({ topic: name, partition, nextOffset: String(next), messages });
        stretch.next = next;
      }
      await heartbeat();
    } catch (error) {
      this.fail(error);
      return;
    }
    if (BigInt(fetched.lastOffset()) + 1n >= stretch.to) this.#open.delete(placeOf(name, partition));
    if (this.isOver) this.#done.resolve();
    else this.#expectMore();
  }

  #expectMore(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.fail(new RetryableError(`the brokers gave nothing for ${SILENCE_MS / 1_000} s`)),
      SILENCE_MS,
    );
  }
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
