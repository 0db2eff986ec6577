// mirakl-ingest on a first start with a large history, once by listing (OR11) and once by export (OR13), and how soon a
// live change is captured meanwhile. The double of Mirakl renders every order anew, so it is most of the work.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeArgumentsOf } from '../tools/stack/apps.ts';
import type { BenchContext, BenchSandbox, BenchService, Figure } from './bench-context.ts';
import { metricOf } from './klaviyo-double.ts';
import { MemoryWatch } from './memory-watch.ts';

const HISTORY_DAYS = 330;
const LOOK_EVERY_MS = 1_000;
const GIVE_UP_AFTER_MS = 60 * 60_000;

interface Route {
  readonly name: 'listing' | 'export';
  readonly api: string;
  readonly exports: 'open' | 'closed';
}

const routes: readonly Route[] = [
  { name: 'export', api: 'OR13', exports: 'open' },
  { name: 'listing', api: 'OR11', exports: 'closed' },
];

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const orders = context.number('orders', 200_000);
  const only = context.number('only', 0);
  const figures: Figure[] = [];
  for (const [index, route] of routes.entries()) {
    if (only === 0 || only === index + 1) figures.push(...(await readHistory(context, route, orders)));
  }
  return figures;
}

async function readHistory(context: BenchContext, route: Route, orders: number): Promise<readonly Figure[]> {
  const id = `bench-${route.name}`;
  const sandbox = await startShop(context, route, id, orders);
  const ingest = await startIngest(context, sandbox, id);
  const memory = new MemoryWatch([ingest]);
  const before = { ingest: ingest.cpuSeconds(), sandbox: sandbox.cpuSeconds() };
  const startedMs = Date.now();
  const read = () => metricOf(ingest.url, 'watertight_ingest_backfill_orders_total', `route="${route.name}"`);
  let seen = 0;
  let polls = 0;
  while (seen < orders) {
    if (Date.now() - startedMs > GIVE_UP_AFTER_MS)
      throw new Error(`after an hour ${seen} of ${orders} orders had been read:\n${ingest.lastOutput()}`);
    await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
    await memory.sample();
    seen = await read();
    polls = await metricOf(ingest.url, 'watertight_ingest_polls_total', 'result="ok"');
    context.progress(`${route.api}: ${seen} of ${orders} orders, ${polls} polls`);
  }
  const seconds = (Date.now() - startedMs) / 1_000;
  const ingestCpu = ingest.cpuSeconds() - before.ingest;
  const sandboxCpu = sandbox.cpuSeconds() - before.sandbox;
  const facts = await metricOf(ingest.url, 'watertight_ingest_facts_total', 'kind="order"');
  const pollSeconds = await metricOf(ingest.url, 'watertight_ingest_poll_duration_seconds_sum');
  const scans = await metricOf(ingest.url, 'watertight_ingest_poll_duration_seconds_count');
  await ingest.stop();
  await sandbox.stop();
  const what = `history by ${route.api}`;
  return [
    { name: `${what}, orders read`, value: seen / seconds, unit: 'orders/s' },
    { name: `${what}, orders published`, value: facts, unit: '', floor: orders },
    { name: `${what}, CPU of ingest`, value: (ingestCpu / seen) * 1e6, unit: 'µs CPU/order', better: 'less' },
    {
      name: `${what}, CPU of the double`,
      value: (sandboxCpu / seen) * 1e6,
      unit: 'µs CPU/order',
      better: 'less',
    },
    {
      name: `${what}, live polls meanwhile`,
      value: polls,
      unit: '',
      floor: Math.floor(seconds / POLL_WITHIN_S),
    },
    {
      name: `${what}, a live poll meanwhile, mean`,
      value: (pollSeconds / Math.max(scans, 1)) * 1_000,
      unit: 'ms',
      better: 'less',
    },
    ...memory.figures(what),
  ];
}

async function startShop(
  context: BenchContext,
  { api, exports }: Route,
  id: string,
  historyOrders: number,
): Promise<BenchSandbox> {
  const sandbox = await context.startSandbox();
  context.progress(`${api}: the double makes ${historyOrders} orders`);
  const shop = { id, shopId: 3001, exports, exportMs: 0, exportChunkItems: 50_000 };
  await post(sandbox, '/mirakl', { ...shop, historyOrders, historyDays: HISTORY_DAYS });
  return sandbox;
}

/** The interval is 2 s; on a machine that is busy a poll may take as long again and more. */
const POLL_WITHIN_S = 8;

async function startIngest(context: BenchContext, sandbox: BenchSandbox, id: string): Promise<BenchService> {
  const file = join(context.dataDir, `${id}.yaml`);
  const backfillFrom = new Date(Date.now() - (HISTORY_DAYS + 5) * 86_400_000).toISOString().slice(0, 10);
  writeFileSync(
    file,
    `marketplaces:
  - id: ${id}
    name: Bench
    baseUrl: ${sandbox.url}/mirakl/${id}
    apiKey: \${BENCH_API_KEY}
    shopId: "3001"
    pollInterval: 2s
    backfillFrom: ${backfillFrom}
`,
  );
  return context.startService({
    name: 'mirakl-ingest',
    nodeArguments: nodeArgumentsOf('mirakl-ingest'),
    env: {
      MARKETPLACES_FILE: file,
      BENCH_API_KEY: `sandbox-${id}-key`,
      // Nobody takes the orders here: the mapper and the writer are measured elsewhere.
      BACKFILL_MAX_IN_FLIGHT: '10000000',
    },
  });
}

async function post(sandbox: BenchSandbox, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
}
