// profile-mapper alone: facts that wait in Kafka become buyer events, profiles and outcomes in Kafka, on the cores that it
// shares with broker and database. Timed from the first buyer event to the last one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryEnvironment, nodeArgumentsOf } from '../tools/stack/apps.ts';
import type { BenchContext, BenchService, Figure } from './bench-context.ts';
import { benchPolicy } from './buyer-events.ts';
import { eventsOf } from './order-facts.ts';
import { factsOf, publishOrders } from './publish-orders.ts';

const FLOOR_PER_S = 2_500;
const AIM_PER_S = 5_000;
const MEMORY_FLOOR_MB = 300;
const PROGRESS_WITHIN_MS = 120_000;

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const orders = context.number('orders', 40_000);
  const expected = eventsOf(orders);
  const policyFile = join(context.dataDir, 'marketplaces.yaml');
  writeFileSync(
    policyFile,
    `${benchPolicy()}    attributes:\n      - { from: "additional:gift-wrap", to: Gift Wrap, on: event, as: boolean }\n`,
  );
  context.progress(`publishing ${orders} orders and their refunds (${expected} buyer events)`);
  await publishOrders(context, orders, factsOf);
  const mapper = await context.startService({
    name: 'profile-mapper',
    nodeArguments: nodeArgumentsOf('profile-mapper'),
    env: {
      // As the system starts it.
      ...memoryEnvironment,
      MARKETPLACES_FILE: policyFile,
      BUYER_ID_KEY: 'a key for benchmarks only, long enough for it',
    },
  });
  context.progress('mapping');
  const from = await untilEvents(context, mapper, 1);
  const cpuBefore = mapper.cpuSeconds();
  const to = await untilEvents(context, mapper, expected);
  const cpuS = mapper.cpuSeconds() - cpuBefore;
  const residentMb = await mapper.residentMb();
  await mapper.stop();
  const events = to.events - from.events;
  return [
    {
      name: 'buyer events a second',
      value: events / ((to.atMs - from.atMs) / 1_000),
      unit: 'events/s',
      floor: FLOOR_PER_S,
      aim: AIM_PER_S,
    },
    {
      name: 'orders a second',
      value: (orders * events) / expected / ((to.atMs - from.atMs) / 1_000),
      unit: 'orders/s',
    },
    { name: 'CPU of the mapper per event', value: (1e6 * cpuS) / events, unit: 'µs', better: 'less' },
    { name: 'buyer events beyond the expected ones', value: to.events - expected, unit: '', better: 'less' },
    {
      name: 'resident memory at the end',
      value: residentMb,
      unit: 'MB',
      floor: MEMORY_FLOOR_MB,
      aim: 200,
      better: 'less',
    },
  ];
}

interface Reading {
  readonly events: number;
  readonly atMs: number;
}

/** Resolves when the mapper has published so many buyer events; throws when it stops getting any further. */
async function untilEvents(context: BenchContext, mapper: BenchService, wanted: number): Promise<Reading> {
  let last: Reading = { events: 0, atMs: performance.now() };
  for (;;) {
    context.signal.throwIfAborted();
    const events = await publishedEvents(mapper);
    const atMs = performance.now();
    if (events >= wanted) return { events, atMs };
    if (events > last.events) last = { events, atMs };
    if (atMs - last.atMs > PROGRESS_WITHIN_MS) {
      throw new Error(
        `profile-mapper stands still at ${events} of ${wanted} events:\n${mapper.lastOutput()}`,
      );
    }
    await sleep(50);
  }
}

async function publishedEvents(mapper: BenchService): Promise<number> {
  const response = await fetch(`${mapper.url}/metrics`);
  const text = await response.text();
  const values = [...text.matchAll(/^watertight_mapper_buyer_events_total\{[^}]*\} (\S+)$/gm)];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}
