import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@watertight/service';
import { deadLetterRecord, type DeadLetter } from './dead-letter.ts';
import { encodeMessage, type OutgoingMessage } from './encode-message.ts';
import { countOutcomes } from './count-outcomes.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { traceOutgoing } from './outgoing-spans.ts';
import { RecordSender, type PublishedPosition } from './record-sender.ts';

export interface TopicPublisherOptions {
  readonly connection: KafkaConnection;
  readonly clock: Clock;
  /** Default false. */
  readonly gzip?: boolean;
}

/** Publishes messages that fit their contracts, and dead letters. One per service. */
@Injectable()
export class TopicPublisher implements OnApplicationShutdown {
  readonly #sender: RecordSender;
  readonly #source: string;
  readonly #clock: Clock;

  constructor({ connection, clock, gzip = false }: TopicPublisherOptions) {
    this.#sender = new RecordSender({ connection, gzip });
    this.#source = connection.clientId;
    this.#clock = clock;
  }

  /** Connects now rather than with the first message. Rejects with RetryableError when no broker answers. */
  async connect(): Promise<void> {
    await this.#sender.connect();
  }

  /**
   * Resolves when all messages are stored on all in-sync replicas, with their positions in the order of the messages;
   * messages of one key keep their order. Nothing is sent when one of them is wrong: InvalidMessageError (a bug) or
   * MessageTooLargeError (which names the message). RetryableError when the brokers do not answer: some messages may
   * have been stored, publishing all of them again is right.
   */
  async publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishedPosition[]> {
    const at = this.#clock.now();
    const traced = traceOutgoing(messages);
    try {
      const positions = await this.#sender.send(
        traced.messages.map((message, index) => encodeMessage(message, this.#source, at, index)),
      );
      countOutcomes(messages);
      traced.end();
      return positions;
    } catch (error) {
      traced.end(error);
      throw error;
    }
  }

  /** Resolves when the original bytes are stored. Errors as `publish`. */
  async publishDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    await this.#sender.send(letters.map(deadLetterRecord));
  }

  /** NestJS calls it after the handlers have been drained. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    await this.#sender.close();
  }
}
