/** kafkajs publishes no types for its internals; these are what mend-produce-request.ts replaces. */
declare module 'kafkajs/src/protocol/encoder.js' {
  class Encoder {
    constructor(initialSize?: number);
    buf: Buffer;
    offset: number;
    get buffer(): Buffer;
  }
  export = Encoder;
}

declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  namespace produce {
    interface ProduceFields {
      readonly acks: number;
      readonly timeout: number;
      readonly transactionalId?: string | null;
      readonly compression?: number;
      readonly producerId?: { toString(): string };
      readonly producerEpoch?: number;
      readonly topicData: readonly {
        readonly topic: string;
        readonly partitions: readonly {
          readonly partition: number;
          readonly firstSequence?: number;
          readonly messages: readonly {
            readonly key?: Buffer | string | null;
            readonly value: Buffer | string | null;
            readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
            readonly timestamp?: string;
          }[];
        }[];
      }[];
    }
    interface ProduceCall {
      readonly request: { readonly encode: () => Promise<Encoder> };
      readonly response: unknown;
    }
    type ProduceProtocol = (of: { readonly version: number }) => (fields: ProduceFields) => ProduceCall;
  }
  const produce: { protocol: produce.ProduceProtocol };
  export = produce;
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  const crc32C: (bytes: Buffer) => number;
  export = crc32C;
}
