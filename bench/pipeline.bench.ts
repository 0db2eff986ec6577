// The whole pipeline as it ships, on the cores that it shares with broker, database and doubles. First without Klaviyo's
// quota: a history at Mirakl until every order of it is in its last bucket, and orders that wait in Kafka until Klaviyo's
// 202. Then a quiet system under the quota: how long a live order takes.
import type { BenchContext, Figure } from './bench-context.ts';
import { ordersInKafka } from './system/orders-in-kafka.ts';
import { liveOrders, percentile, POLL_INTERVAL_MS } from './system/live-orders.ts';
import { acceptedRate, drainHistory, type Drained } from './system/drain-history.ts';
import {
  fillShops,
  type Stage,
  STAGES,
  startServices,
  stopServices,
  writeShopsPolicy,
} from './system/whole-system.ts';
import { forgetEverything } from './system/forget-everything.ts';

const STORE_DELAY_MS = 300;

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const only = context.number('only', 0);
  const parts = [fromMirakl, ordersInKafka, live];
  const figures: Figure[] = [];
  for (const [index, part] of parts.entries()) {
    if (only !== 0 && only !== index + 1) continue;
    figures.push(...(await part(context)));
    await forgetEverything(context);
  }
  return figures;
}

/** Mirakl's double to Klaviyo's double. */
async function fromMirakl(context: BenchContext): Promise<readonly Figure[]> {
  const orders = context.number('orders', 40_000);
  const sandbox = await context.startSandbox({
    SANDBOX_KLAVIYO_QUOTA: 'off',
    SANDBOX_KLAVIYO_KEEP: 'lean',
    SANDBOX_KLAVIYO_STORE_DELAY_MS: String(STORE_DELAY_MS),
    NODE_OPTIONS: '--max-old-space-size=6144',
  });
  await fillShops(context, sandbox, orders);
  const sandboxCpu = sandbox.cpuSeconds();
  const policyFile = writeShopsPolicy(context, sandbox);
  const services = await startServices(context, sandbox, { pacing: false, policyFile });
  const drained = await drainHistory(context, services, orders, {
    lookEveryMs: 500,
    tellEveryMs: 5_000,
    standstillMs: 120_000,
    atMostMs: 30 * 60_000,
  });
  const doubleCpuS = sandbox.cpuSeconds() - sandboxCpu;
  await stopServices(context, services);
  await sandbox.stop();
  const { events, perSecond } = acceptedRate(drained.samples);
  const micros = (seconds: number): number => (1e6 * seconds) / events;
  return [
    { name: 'Mirakl to Klaviyo, events a second', value: perSecond, unit: 'events/s' },
    { name: 'Mirakl to Klaviyo, orders a second', value: (perSecond * orders) / events, unit: 'orders/s' },
    {
      name: 'Mirakl to Klaviyo, seconds to a settled balance',
      value: drained.seconds,
      unit: 's',
      better: 'less',
    },
    ...STAGES.flatMap((stage) => stageFigures(stage, drained, micros(drained.cpuSeconds[stage]))),
    { name: 'both doubles, CPU per event', value: micros(doubleCpuS), unit: 'µs', better: 'less' },
  ];
}

function stageFigures(stage: Stage, { samples }: Drained, cpuPerEvent: number): readonly Figure[] {
  const memoryMb = Math.max(...samples.map((sample) => sample.memoryMb[stage]));
  return [
    { name: `${stage}, CPU per event`, value: cpuPerEvent, unit: 'µs', better: 'less' },
    {
      name: `${stage}, memory at most`,
      value: memoryMb,
      unit: 'MB',
      floor: 300,
      aim: 200,
      better: 'less',
    },
  ];
}

async function live(context: BenchContext): Promise<readonly Figure[]> {
  const sandbox = await context.startSandbox({
    SANDBOX_KLAVIYO_STORE_DELAY_MS: String(STORE_DELAY_MS),
  });
  await fillShops(context, sandbox, 0);
  const policyFile = writeShopsPolicy(context, sandbox);
  const services = await startServices(context, sandbox, { pacing: true, policyFile });
  const times = await liveOrders(context, sandbox, {
    orders: context.number('liveOrders', 1_000),
    perSecond: context.number('livePerSecond', 4),
    storeDelayMs: STORE_DELAY_MS,
  });
  await stopServices(context, services);
  await sandbox.stop();
  const { fromMirakl: changed, fromKafka: record } = times;
  const change = 'live, change at Mirakl to 202';
  const inKafka = 'live, record of the order in Kafka to 202';
  const less = { unit: 'ms', better: 'less' } as const;
  return [
    { name: `${change}, p50`, value: percentile(changed, 0.5), ...less },
    { name: `${change}, p99`, value: percentile(changed, 0.99), floor: POLL_INTERVAL_MS + 2_000, ...less },
    { name: `${change}, p999`, value: percentile(changed, 0.999), ...less },
    { name: `${inKafka}, p50`, value: percentile(record, 0.5), ...less },
    { name: `${inKafka}, p99`, value: percentile(record, 0.99), floor: 1_000, aim: 250, ...less },
    { name: `${inKafka}, p999`, value: percentile(record, 0.999), ...less },
  ];
}
