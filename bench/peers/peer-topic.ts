import { Topics } from '@watertight/contracts';
import { connectKafka, outgoing, TopicPublisher } from '@watertight/kafka';
import { createLogger, systemClock } from '@watertight/service';
import { Kafka, logLevel } from 'kafkajs';
import { ORDERS_PER_BUYER, placedOrder } from '../buyer-events.ts';

const PUBLISH_AT_ONCE = 500;
/** Long ago, so that its events are history at any time of a comparison. */
const COMPARED_AT = new Date('2026-06-01T10:00:00Z');

/** The topic that all contenders read. */
export class PeerTopic {
  readonly #publisher: TopicPublisher;
  readonly #kafka: Kafka;
  #runs = 0;

  constructor(brokers: readonly string[]) {
    const connection = connectKafka({ brokers, clientId: 'bench', logger: createLogger('bench', 'warn') });
    this.#publisher = new TopicPublisher({ connection, clock: systemClock });
    this.#kafka = new Kafka({
      brokers: [...brokers],
      clientId: 'bench-admin',
      logLevel: logLevel.ERROR,
    });
  }

  /**
   * Empties the topic, so that a program that starts at its beginning meets this round alone, and fills it again. Each
   * order has a buyer of its own: ours sends the newest profile of a buyer alone, so with more orders of one it would
   * have less to send than the others. With `compared` the orders are the same every time.
   */
  async refill(orders: number, compared = false): Promise<void> {
    await this.#empty();
    this.#runs += 1;
    const run = compared ? 'compared' : `round${this.#runs}`;
    const now = compared ? COMPARED_AT : new Date();
    for (let from = 0; from < orders; from += PUBLISH_AT_ONCE) {
      const count = Math.min(PUBLISH_AT_ONCE, orders - from);
      const events = Array.from({ length: count }, (_, index) =>
        placedOrder(run, (from + index) * ORDERS_PER_BUYER, now, true),
      );
      await this.#publisher.publish(
        events.map((value) =>
          outgoing(Topics.buyerEvents, {
            key: value.buyerId,
            subject: value.orderKey,
            value,
            id: value.eventId,
          }),
        ),
      );
    }
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }

  async #empty(): Promise<void> {
    const topic = Topics.buyerEvents.name;
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      const ends = await admin.fetchTopicOffsets(topic);
      const filled = ends.filter(({ high, low }) => high !== low);
      const partitions = filled.map(({ partition, high }) => ({ partition, offset: high }));
      if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions });
    } finally {
      await admin.disconnect();
    }
  }
}
