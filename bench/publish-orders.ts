import { Topics } from '@watertight/contracts';
import { connectKafka, outgoing, type OutgoingMessage, TopicPublisher } from '@watertight/kafka';
import { createLogger, systemClock } from '@watertight/service';
import type { BenchContext } from './bench-context.ts';
import { ORDERS_PER_REFUND, receivedOrder, refundOf } from './order-facts.ts';

const PUBLISH_AT_ONCE = 500;

/** The facts of an order as mirakl-ingest publishes them: the order, and its refund where it has one. */
export function factsOf(index: number, now: Date): readonly OutgoingMessage[] {
  const order = receivedOrder(index, now);
  const { orderKey: key } = order;
  const fact = outgoing(Topics.orders, { key, subject: key, value: order, id: `${key}:1` });
  if (index % ORDERS_PER_REFUND !== 0) return [fact];
  const refund = refundOf(order);
  return [fact, outgoing(Topics.refunds, { key, subject: key, value: refund, id: `${refund.factId}:1` })];
}

/** Publishes what `messagesOf` makes of the first `orders` orders, all of them from one moment. */
export async function publishOrders(
  context: BenchContext,
  orders: number,
  messagesOf: (index: number, now: Date) => readonly OutgoingMessage[],
): Promise<void> {
  const connection = connectKafka({
    brokers: context.kafkaBrokers.split(','),
    clientId: 'bench',
    logger: createLogger('bench', 'warn'),
  });
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const now = new Date();
  try {
    for (let from = 0; from < orders; from += PUBLISH_AT_ONCE) {
      context.signal.throwIfAborted();
      const count = Math.min(PUBLISH_AT_ONCE, orders - from);
      await publisher.publish(
        Array.from({ length: count }, (_, offset) => messagesOf(from + offset, now)).flat(),
      );
    }
  } finally {
    await publisher.close();
  }
}
