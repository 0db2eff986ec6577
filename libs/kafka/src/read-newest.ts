import { randomUUID } from 'node:crypto';
import type { TopicDefinition } from '@watertight/contracts';
import { RetryableError } from '@watertight/service';
import type { KafkaConnection } from './kafka-connection.ts';
import { connectError } from './kafka-errors.ts';
import type { ReceivedMessage } from './message-batch.ts';
import { parseMessage } from './parse-message.ts';

interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

const DEADLINE_MS = 60_000;

/**
 * The newest messages of a topic, at most `perPartition` of each partition, in the order of each; what does not fit the
 * schema is left out. For looking at a running system: it commits nothing and disturbs no group. Throws RetryableError
 * when the brokers do not answer within a minute.
 */
export async function readNewest(
  connection: KafkaConnection,
  topic: TopicDefinition,
  perPartition: number,
): Promise<readonly ReceivedMessage<unknown>[]> {
  const ranges = await rangesOf(connection, topic, perPartition);
  const messages: ReceivedMessage<unknown>[] = [];
  if (ranges.length === 0) return messages;
  // A group that commits nothing leaves nothing behind.
  const consumer = connection.consumers.consumer({ groupId: `look-${randomUUID()}` });
  const open = new Map(ranges.map((range) => [range.partition, range]));
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new RetryableError('the brokers do not answer in time')), DEADLINE_MS);
      consumer.on(consumer.events.CRASH, ({ payload }) =>
        reject(connectError('reading', connection.brokers, payload.error)),
      );
      const eachBatch = ({ batch }: { batch: { partition: number; messages: readonly Raw[] } }) => {
        const range = open.get(batch.partition);
        if (range === undefined) return Promise.resolve();
        for (const record of batch.messages) {
          const offset = BigInt(record.offset);
          if (offset < range.from || offset >= range.to) continue;
          const parsed = parseMessage(topic, batch.partition, record);
          if (parsed.ok) messages.push(parsed.message);
        }
        const last = batch.messages.at(-1);
        if (last !== undefined && BigInt(last.offset) >= range.to - 1n) open.delete(batch.partition);
        if (open.size === 0) resolve();
        return Promise.resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
      for (const { partition, from } of ranges) {
        consumer.seek({ topic: topic.name, partition, offset: String(from) });
      }
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
  return messages;
}

type Raw = Parameters<typeof parseMessage>[2];

async function rangesOf(
  connection: KafkaConnection,
  topic: TopicDefinition,
  perPartition: number,
): Promise<readonly Range[]> {
  const admin = connection.client.admin();
  try {
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic.name);
    return offsets
      .map(({ partition, low, high }) => {
        const to = BigInt(high);
        const wanted = to - BigInt(perPartition);
        return { partition, from: wanted > BigInt(low) ? wanted : BigInt(low), to };
      })
      .filter(({ from, to }) => to > from);
  } catch (error) {
    throw connectError('reading offsets', connection.brokers, error);
  } finally {
    await admin.disconnect();
  }
}
