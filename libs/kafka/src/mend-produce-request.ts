import Encoder from 'kafkajs/src/protocol/encoder.js';
import produce from 'kafkajs/src/protocol/requests/produce/index.js';
import type { ProduceFields, ProduceProtocol } from 'kafkajs/src/protocol/requests/produce/index.js';
import { encodeProduceRequest, type ProducedTopic } from './encode-produce-request.ts';

const NO_COMPRESSION = 0;
/** The versions whose body is written as `encodeProduceRequest` writes it; kafkajs knows none above. */
const VERSION_MIN = 3;
const VERSION_MAX = 7;

const mended = new WeakSet<ProduceProtocol>();

/**
 * kafkajs 2.2.4 spends a fifth of a busy service's time on writing produce requests. The bytes stay the same; what it
 * alone can write (transactions, compression, times of our own) is left to it.
 *
 * Idempotent. Throws when another version of kafkajs no longer has what is mended here.
 */
export function mendProduceRequest(): void {
  const original = produce.protocol;
  if (typeof original !== 'function') {
    throw new TypeError(
      'kafkajs no longer writes produce requests like this: remove mend-produce-request.ts',
    );
  }
  if (mended.has(original)) return;
  const protocol: ProduceProtocol = ({ version }) => {
    const build = original({ version });
    if (version < VERSION_MIN || version > VERSION_MAX) return build;
    return (fields) => {
      const { request, response } = build(fields);
      return canWrite(fields)
        ? { request: { ...request, encode: () => encode(fields) }, response }
        : { request, response };
    };
  };
  mended.add(protocol);
  produce.protocol = protocol;
}

function canWrite({ transactionalId, compression = NO_COMPRESSION, topicData }: ProduceFields): boolean {
  return transactionalId == null && compression === NO_COMPRESSION && !topicData.some(hasTimes);
}

function hasTimes({ partitions }: ProducedTopic): boolean {
  return partitions.some(({ messages }) => messages.some(({ timestamp }) => timestamp !== undefined));
}

/** As kafkajs wants it: in an encoder, which takes the buffer as it is. */
async function encode({ producerId = -1, producerEpoch = 0, ...fields }: ProduceFields): Promise<Encoder> {
  const bytes = encodeProduceRequest({ ...fields, producerId, producerEpoch }, Date.now());
  const encoder = new Encoder(1);
  encoder.buf = bytes;
  encoder.offset = bytes.length;
  return encoder;
}
