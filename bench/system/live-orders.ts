import { setTimeout as sleep } from 'node:timers/promises';
import { Topics } from '@watertight/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { soundOrder } from '../../tools/fuzz/sound-order.ts';
import type { BenchContext, BenchSandbox } from '../bench-context.ts';
import { countsOf, storedAt } from '../klaviyo-double.ts';
import { POLL_INTERVAL_S, SHOPS } from './whole-system.ts';

/** From its change at Mirakl, and from its record in Kafka, until Klaviyo answered 202: sorted milliseconds. */
export interface LiveTimes {
  readonly fromMirakl: readonly number[];
  readonly fromKafka: readonly number[];
}

const SHOP = SHOPS[0].id;
const EVENTS_PER_ORDER = 2;
const ALL_WITHIN_MS = 60_000;

/** Lets orders come in at Mirakl one by one, at no fixed time of a poll, and tells how long each took. */
export async function liveOrders(
  context: BenchContext,
  sandbox: BenchSandbox,
  { orders, perSecond, storeDelayMs }: { orders: number; perSecond: number; storeDelayMs: number },
): Promise<LiveTimes> {
  const records = new OrderRecords(context.kafkaBrokers.split(','));
  await records.listen();
  try {
    const before = (await countsOf(sandbox.url)).stored;
    const changedMs = new Map<string, number>();
    context.progress(`live: ${orders} orders, ${perSecond} a second`);
    const began = performance.now();
    for (let index = 0; index < orders; index += 1) {
      // A little more than the gap, so that the orders wander over the time between two polls.
      const dueMs = began + (index * 1_000) / perSecond + (index % 7);
      await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal: context.signal });
      const orderId = `LIVE-${index}`;
      changedMs.set(`${SHOP}:${orderId}`, Date.now());
      await putOrder(sandbox, orderId);
    }
    await untilStored(context, sandbox, before + orders * EVENTS_PER_ORDER);
    const stored = await storedAt(sandbox.url, 'Placed Order');
    const took = (from: ReadonlyMap<string, number>): number[] =>
      [...changedMs.keys()]
        .map((key) => (stored.get(`${key}:placed`) ?? Infinity) - storeDelayMs - (from.get(key) ?? Infinity))
        .sort((one, other) => one - other);
    return { fromMirakl: took(changedMs), fromKafka: took(records.appendedMs) };
  } finally {
    await records.close();
  }
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Infinity;
}

export const POLL_INTERVAL_MS = POLL_INTERVAL_S * 1_000;

/** When each order's first record came into `mirakl.orders.v1`, by the broker's own time stamp of it. */
class OrderRecords {
  readonly appendedMs = new Map<string, number>();
  readonly #consumer;

  constructor(brokers: string[]) {
    const kafka = new Kafka({ brokers, clientId: 'bench-live', logLevel: logLevel.ERROR });
    this.#consumer = kafka.consumer({ groupId: 'bench-live' });
  }

  async listen(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: Topics.orders.name, fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ message }) => {
        const key = message.key?.toString() ?? '';
        if (!this.appendedMs.has(key)) this.appendedMs.set(key, Number(message.timestamp));
      },
    });
  }

  close(): Promise<void> {
    return this.#consumer.disconnect();
  }
}

/** An accepted order of one line, as OR11 shows it. */
async function putOrder(sandbox: BenchSandbox, orderId: string): Promise<void> {
  const now = new Date().toISOString();
  const [line] = soundOrder.order_lines;
  const order = {
    ...soundOrder,
    order_id: orderId,
    commercial_id: orderId,
    order_state: 'SHIPPING',
    order_tax_mode: 'TAX_INCLUDED',
    created_date: now,
    last_updated_date: now,
    acceptance_decision_date: now,
    customer_debited_date: now,
    customer_notification_email: `${orderId.toLowerCase()}@buyers.example`,
    order_additional_fields: [],
    order_lines: [
      {
        ...line,
        order_line_id: `${orderId}-1`,
        order_line_state: 'SHIPPING',
        shipped_date: null,
        received_date: null,
        taxes: [],
        shipping_taxes: [],
        refunds: [],
        cancelations: [],
      },
    ],
  };
  const response = await fetch(`${sandbox.url}/sandbox/mirakl/${SHOP}/orders?updated=now`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
}

async function untilStored(context: BenchContext, sandbox: BenchSandbox, wanted: number): Promise<void> {
  const deadline = performance.now() + ALL_WITHIN_MS;
  for (;;) {
    const { stored } = await countsOf(sandbox.url);
    if (stored >= wanted) return;
    if (performance.now() > deadline)
      throw new Error(`only ${stored} of ${wanted} events were stored in time`);
    await sleep(250, undefined, { signal: context.signal });
  }
}
