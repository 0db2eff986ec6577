import { describe, expect, it } from '@jest/globals';
import { createLogger, RetryableError } from '@watertight/service';
import kafkajs, {
  type ICustomPartitioner,
  type Producer,
  type ProducerBatch,
  type RecordMetadata,
} from 'kafkajs';
import { type OutgoingRecord, sizedRecord } from './encode-message.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { RequestRefusedError } from './kafka-errors.ts';
import { REQUEST_MAX_BYTES } from './limits.ts';
import { RecordSender } from './record-sender.ts';

/** What kafkajs throws when a broker answers with this error. */
function brokerError(type: string, retriable = false): Error {
  const answer = Object.assign(new Error(type), { type, code: 0, retriable });
  return new kafkajs.KafkaJSProtocolError(answer);
}

interface Request {
  readonly producer: number;
  readonly keys: readonly string[];
}

/** A connection whose producers answer each request as the script says; without a word they store the records. */
function scripted(script: readonly (Error | 'store')[] = []) {
  const requests: Request[] = [];
  const words = [...script];
  const ends = new Map<string, number>();
  let producers = 0;
  let disconnected = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const producer = (options: { createPartitioner: ICustomPartitioner }): Partial<Producer> => {
    producers += 1;
    const number = producers;
    const partitionOf = options.createPartitioner();
    return {
      connect: async () => undefined,
      disconnect: async () => void (disconnected += 1),
      sendBatch: async ({ topicMessages = [] }: ProducerBatch) => {
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        requests.push({
          producer: number,
          keys: topicMessages.flatMap(({ messages }) => messages.map(({ key }) => String(key))),
        });
        const word = words.shift() ?? 'store';
        if (word !== 'store') throw word;
        return topicMessages.map(({ topic, messages }): RecordMetadata => {
          for (const message of messages) partitionOf({ topic, message, partitionMetadata: onePartition });
          const baseOffset = ends.get(topic) ?? 100;
          ends.set(topic, baseOffset + messages.length);
          return { topicName: topic, partition: 0, errorCode: 0, baseOffset: String(baseOffset) };
        });
      },
    };
  };
  const connection = { brokers: ['b:1'], logger: createLogger('spec', 'silent'), client: { producer } };
  return {
    sender: new RecordSender({ connection: connection as unknown as KafkaConnection, gzip: false }),
    requests,
    counts: () => ({ producers, disconnected, mostAtOnce }),
  };
}

const onePartition = [{ partitionErrorCode: 0, partitionId: 0, leader: 1, replicas: [1], isr: [1] }];

function record(key: string, bytes = 10, topic = 't'): OutgoingRecord {
  return sizedRecord(topic, Buffer.from(key), Buffer.alloc(bytes), {});
}

describe('RecordSender', () => {
  it('gives the position of each record, in the order of the records', async () => {
    const { sender } = scripted();
    const positions = await sender.send([record('a'), record('b', 10, 'other'), record('c')]);
    expect(positions).toEqual([
      { topic: 't', partition: 0, offset: 100n },
      { topic: 'other', partition: 0, offset: 100n },
      { topic: 't', partition: 0, offset: 101n },
    ]);
  });

  it('splits what is more than one request holds, in order', async () => {
    const { sender, requests } = scripted();
    const third = Math.floor(REQUEST_MAX_BYTES / 3);
    const positions = await sender.send(['a', 'b', 'c', 'd', 'e'].map((key) => record(key, third)));
    expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(positions.map(({ offset }) => offset)).toEqual([100n, 101n, 102n, 103n, 104n]);
  });

  it('has one request under way at a time, and sends what waits for it together', async () => {
    const { sender, requests, counts } = scripted();
    const sent = [sender.send([record('a')]), sender.send([record('b')])];
    await new Promise((resolve) => setImmediate(resolve));
    sent.push(sender.send([record('c')]), sender.send([record('d')]));
    const positions = await Promise.all(sent);
    expect(counts().mostAtOnce).toBe(1);
    expect(requests.map(({ keys }) => keys)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(positions.flat().map(({ offset }) => offset)).toEqual([100n, 101n, 102n, 103n]);
  });

  it('sends nothing after a part of the same call that failed, so that no record overtakes another', async () => {
    const { sender, requests } = scripted([brokerError('NOT_ENOUGH_REPLICAS', true)]);
    const half = Math.floor(REQUEST_MAX_BYTES / 2);
    await expect(sender.send([record('a', half), record('b', half)])).rejects.toBeInstanceOf(RetryableError);
    expect(requests.map(({ keys }) => keys)).toEqual([['a']]);
  });

  it('never reuses a producer after a failure: its sequence numbers may stand for other records by then', async () => {
    const { sender, requests, counts } = scripted([brokerError('REQUEST_TIMED_OUT', true)]);
    await expect(sender.send([record('a')])).rejects.toBeInstanceOf(RetryableError);
    await sender.send([record('b')]);
    expect(requests.map(({ producer }) => producer)).toEqual([1, 2]);
    expect(counts()).toMatchObject({ producers: 2, disconnected: 1 });
  });

  it.each([
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'UNKNOWN_PRODUCER_ID',
    'INVALID_PRODUCER_EPOCH',
    'DUPLICATE_SEQUENCE_NUMBER',
  ])('sends again at once with a new producer after %s', async (type) => {
    const { sender, requests } = scripted([brokerError(type)]);
    await sender.send([record('a')]);
    expect(requests).toEqual([
      { producer: 1, keys: ['a'] },
      { producer: 2, keys: ['a'] },
    ]);
  });

  it('gives up as retryable when the new producer fails as well', async () => {
    const error = brokerError('OUT_OF_ORDER_SEQUENCE_NUMBER');
    const { sender, requests } = scripted([error, error]);
    await expect(sender.send([record('a')])).rejects.toBeInstanceOf(RetryableError);
    expect(requests).toHaveLength(2);
  });

  it('takes a refusal for what it is: settings or rights, not an outage', async () => {
    const { sender } = scripted([brokerError('TOPIC_AUTHORIZATION_FAILED')]);
    await expect(sender.send([record('a')])).rejects.toBeInstanceOf(RequestRefusedError);
  });

  it('tells everybody who shared a request that it failed', async () => {
    const { sender } = scripted([brokerError('NOT_ENOUGH_REPLICAS', true)]);
    const results = await Promise.allSettled([sender.send([record('a')]), sender.send([record('b')])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('finishes what is under way before it closes', async () => {
    const { sender, counts } = scripted();
    const sent = sender.send([record('a')]);
    await sender.close();
    await expect(sent).resolves.toHaveLength(1);
    expect(counts().disconnected).toBe(1);
  });
});
