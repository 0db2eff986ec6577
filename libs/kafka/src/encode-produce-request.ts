import { crc32c } from './crc32c.ts';

/** A record as kafkajs hands it to its protocol. */
export interface ProducedMessage {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
  readonly timestamp?: string;
}

export interface ProducedTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly firstSequence?: number;
    readonly messages: readonly ProducedMessage[];
  }[];
}

export interface ProduceRequest {
  readonly acks: number;
  readonly timeout: number;
  readonly producerId: { toString(): string };
  readonly producerEpoch: number;
  readonly topicData: readonly ProducedTopic[];
}

/** From the batch's base offset up to its CRC: offset, length, leader epoch, magic, CRC. */
const BATCH_HEAD_BYTES = 8 + 4 + 4 + 1 + 4;
/** From its attributes up to its records: attributes, last offset delta, two times, producer id and epoch, sequence, count. */
const BATCH_BODY_BYTES = 2 + 4 + 8 + 8 + 8 + 2 + 4 + 4;
const MAGIC = 2;

interface SizedBatch {
  /** Size of each record without its own length. */
  readonly bodies: readonly number[];
  readonly bytes: number;
}

/**
 * The body of a produce request, versions 3 to 7, without transaction and compression, in one buffer: the same bytes as
 * kafkajs writes, which allocates half a kilobyte for each header of each record and copies everything several times.
 * https://kafka.apache.org/documentation/#recordbatch
 */
export function encodeProduceRequest(request: ProduceRequest, nowMs: number): Buffer {
  const sized = request.topicData.map(({ partitions }) =>
    partitions.map(({ messages }) => sizeBatch(messages)),
  );
  const writer = new Writer(Buffer.allocUnsafe(sizeOfRequest(request, sized)));
  writer.int16(-1);
  writer.int16(request.acks);
  writer.int32(request.timeout);
  writer.int32(request.topicData.length);
  request.topicData.forEach(({ topic, partitions }, topicIndex) => {
    writer.text16(topic);
    writer.int32(partitions.length);
    partitions.forEach(({ partition, firstSequence = 0, messages }, index) => {
      const batch = sized[topicIndex]?.[index];
      if (batch === undefined) throw new TypeError('a batch without a size');
      writer.int32(partition);
      writer.int32(batch.bytes);
      writeBatch(writer, { ...request, nowMs, firstSequence }, messages, batch);
    });
  });
  return writer.finished();
}

function sizeOfRequest({ topicData }: ProduceRequest, sized: readonly (readonly SizedBatch[])[]): number {
  const topics = topicData.reduce((sum, { topic }) => sum + 2 + Buffer.byteLength(topic) + 4, 0);
  const batches = sized.flat().reduce((sum, { bytes }) => sum + 4 + 4 + bytes, 0);
  return 2 + 2 + 4 + 4 + topics + batches;
}

function sizeBatch(messages: readonly ProducedMessage[]): SizedBatch {
  const bodies = messages.map(sizeOfBody);
  const records = bodies.reduce((sum, bytes) => sum + varintBytes(bytes) + bytes, 0);
  return { bodies, bytes: BATCH_HEAD_BYTES + BATCH_BODY_BYTES + records };
}

function sizeOfBody({ key = null, value, headers = {} }: ProducedMessage, index: number): number {
  // Attributes and the difference in time, which is always 0: a byte each.
  let bytes = 2 + varintBytes(index) + fieldBytes(key) + fieldBytes(value);
  let count = 0;
  for (const name in headers) {
    const given = headers[name];
    for (const one of Array.isArray(given) ? given : [given ?? null]) {
      count += 1;
      bytes += fieldBytes(name) + fieldBytes(one);
    }
  }
  return bytes + varintBytes(count);
}

interface BatchFields {
  readonly nowMs: number;
  readonly producerId: { toString(): string };
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

function writeBatch(
  writer: Writer,
  { nowMs, producerId, producerEpoch, firstSequence }: BatchFields,
  messages: readonly ProducedMessage[],
  { bodies, bytes }: SizedBatch,
): void {
  const start = writer.at;
  writer.int64(0n);
  writer.int32(bytes - 12);
  writer.int32(0);
  writer.int8(MAGIC);
  const crcAt = writer.at;
  writer.int32(0);
  writer.int16(0);
  writer.int32(messages.length - 1);
  writer.int64(BigInt(nowMs));
  writer.int64(BigInt(nowMs));
  writer.int64(BigInt(producerId.toString()));
  writer.int16(producerEpoch);
  writer.int32(firstSequence);
  writer.int32(messages.length);
  messages.forEach((message, index) => writeRecord(writer, message, index, bodies[index] ?? 0));
  writer.crc(crcAt, start + BATCH_HEAD_BYTES);
}

function writeRecord(
  writer: Writer,
  { key = null, value, headers = {} }: ProducedMessage,
  index: number,
  bytes: number,
): void {
  writer.varint(bytes);
  writer.int8(0);
  writer.varint(0);
  writer.varint(index);
  writer.field(key);
  writer.field(value);
  let count = 0;
  for (const name in headers) {
    const given = headers[name];
    count += Array.isArray(given) ? given.length : 1;
  }
  writer.varint(count);
  for (const name in headers) {
    const given = headers[name];
    for (const one of Array.isArray(given) ? given : [given ?? null]) {
      writer.field(name);
      writer.field(one);
    }
  }
}

function fieldBytes(value: Buffer | string | null): number {
  if (value === null) return 1;
  const bytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return varintBytes(bytes) + bytes;
}

/** Zigzag doubles a number that is not negative; each byte holds seven bits. */
function varintBytes(value: number): number {
  if (value < 64) return 1;
  if (value < 8_192) return 2;
  if (value < 1_048_576) return 3;
  return value < 134_217_728 ? 4 : 5;
}

/** Writes into a buffer that has exactly the size of what is written. */
class Writer {
  at = 0;

  constructor(private readonly buffer: Buffer) {}

  int8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  /** Of a number that is not negative. */
  varint(value: number): void {
    let rest = value * 2;
    while (rest > 0x7f) {
      this.buffer[this.at] = (rest & 0x7f) | 0x80;
      this.at += 1;
      rest >>>= 7;
    }
    this.buffer[this.at] = rest;
    this.at += 1;
  }

  text16(text: string): void {
    this.int16(Buffer.byteLength(text));
    this.at += this.buffer.write(text, this.at);
  }

  /** A length and the bytes; -1, whose zigzag is 1, stands for null. */
  field(value: Buffer | string | null): void {
    if (value === null) {
      this.int8(1);
    } else if (typeof value === 'string') {
      this.varint(Buffer.byteLength(value));
      this.at += this.buffer.write(value, this.at);
    } else {
      this.varint(value.length);
      this.at += value.copy(this.buffer, this.at);
    }
  }

  /** The checksum of everything from `from` on. */
  crc(at: number, from: number): void {
    this.buffer.writeUInt32BE(crc32c(this.buffer, from, this.at), at);
  }

  finished(): Buffer {
    if (this.at !== this.buffer.length)
      throw new RangeError('a produce request was not sized as it was written');
    return this.buffer;
  }
}
