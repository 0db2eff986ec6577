import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeArgumentsOf } from '../../tools/stack/apps.ts';
import type { BenchContext, BenchService, Figure } from '../bench-context.ts';
import { benchPolicy } from '../buyer-events.ts';
import { countsOf } from '../klaviyo-double.ts';
import { eventsOf } from '../order-facts.ts';
import { factsOf, publishOrders } from '../publish-orders.ts';

const QUOTA_PER_S = 2_500;
const STANDSTILL_MS = 120_000;
/** A placed order carries an event for each of its two lines. */
const LINES_PER_ORDER = 2;

/** Orders that wait in `mirakl.orders.v1` go through mapper and writer to Klaviyo's 202. */
export async function ordersInKafka(context: BenchContext): Promise<readonly Figure[]> {
  const orders = context.number('ordersInKafka', 30_000);
  context.progress(`publishing ${orders} orders and their refunds`);
  await publishOrders(context, orders, factsOf);
  const wanted = eventsOf(orders) + LINES_PER_ORDER * orders;
  const sandbox = await context.startSandbox({
    SANDBOX_KLAVIYO_QUOTA: 'off',
    SANDBOX_KLAVIYO_KEEP: 'lean',
  });
  const services = await start(context, `${sandbox.url}/klaviyo`);
  const cpuBefore = services.map((service) => service.cpuSeconds());
  const from = await accepted(context, sandbox.url, 1, services);
  const to = await accepted(context, sandbox.url, wanted, services);
  const cpuS = services.map((service, index) => service.cpuSeconds() - (cpuBefore[index] ?? 0));
  const { doubled } = await countsOf(sandbox.url);
  await Promise.all(services.map((service) => service.stop()));
  await sandbox.stop();
  const [mapper = 0, writer = 0] = cpuS.map((seconds) => (1e6 * seconds) / to.events);
  const what = 'Kafka to 202';
  return [
    {
      name: `${what}, events a second`,
      value: (to.events - from.events) / ((to.atMs - from.atMs) / 1_000),
      unit: 'events/s',
      floor: 2 * QUOTA_PER_S,
      aim: 4 * QUOTA_PER_S,
    },
    { name: `${what}, CPU of the mapper per event`, value: mapper, unit: 'µs', better: 'less' },
    { name: `${what}, CPU of the writer per event`, value: writer, unit: 'µs', better: 'less' },
    { name: `${what}, lost`, value: wanted - to.events, unit: '', floor: 0, better: 'less' },
    { name: `${what}, doubled`, value: doubled, unit: '', floor: 0, better: 'less' },
  ];
}

async function start(context: BenchContext, klaviyoUrl: string): Promise<readonly BenchService[]> {
  const policyFile = join(context.dataDir, 'one-shop.yaml');
  writeFileSync(policyFile, benchPolicy());
  const env = {
    MARKETPLACES_FILE: policyFile,
    BUYER_ID_KEY: 'a key for benchmarks only, long enough for it',
  };
  const sending = { KLAVIYO_API_KEY: 'pk_sandbox_narrow', KLAVIYO_BASE_URL: klaviyoUrl, KLAVIYO_PACING: '0' };
  return Promise.all(
    (['profile-mapper', 'klaviyo-writer'] as const).map((name) =>
      context.startService({
        name,
        nodeArguments: nodeArgumentsOf(name),
        env: name === 'klaviyo-writer' ? { ...env, ...sending } : env,
      }),
    ),
  );
}

/** Waits until so many events were accepted. Throws when nothing moves any more. */
async function accepted(
  context: BenchContext,
  sandboxUrl: string,
  wanted: number,
  services: readonly BenchService[],
): Promise<{ readonly events: number; readonly atMs: number }> {
  let last = { events: -1, atMs: performance.now() };
  for (;;) {
    const events = (await countsOf(sandboxUrl)).accepted;
    const now = { events, atMs: performance.now() };
    if (events >= wanted) return now;
    if (events > last.events) last = now;
    if (now.atMs - last.atMs > STANDSTILL_MS) {
      const words = services.map((service) => service.lastOutput()).join('\n');
      throw new Error(`only ${events} of ${wanted} events were accepted:\n${words}`);
    }
    await sleep(100, undefined, { signal: context.signal });
  }
}
