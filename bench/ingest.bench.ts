// mirakl-ingest on a first start with a large history, once by listing (OR11) and once by export (OR13), and how soon a
// live poll is done meanwhile. Settings: orders; only=1 for the export, 2 for the listing; profile=1.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryEnvironment, nodeArgumentsOf } from '../tools/stack/apps.ts';
import { root } from '../tools/stack/paths.ts';
import type { BenchContext, BenchSandbox, BenchService, Figure } from './bench-context.ts';
import { metricOf } from './klaviyo-double.ts';
import { MemoryWatch } from './memory-watch.ts';

const HISTORY_DAYS = 330;
const LOOK_EVERY_MS = 1_000;
const GIVE_UP_AFTER_MS = 60 * 60_000;
/** The interval is 2 s; on a machine that is busy a poll may take as long again and more. */
const POLL_WITHIN_S = 8;

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
  const polls = new PollWatch(ingest);
  const before = { ingest: ingest.cpuSeconds(), sandbox: sandbox.cpuSeconds() };
  const startedMs = Date.now();
  const read = () => metricOf(ingest.url, 'watertight_ingest_backfill_orders_total', `route="${route.name}"`);
  let seen = 0;
  while (seen < orders) {
    if (Date.now() - startedMs > GIVE_UP_AFTER_MS)
      throw new Error(`after an hour ${seen} of ${orders} orders had been read:\n${ingest.lastOutput()}`);
    await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
    await memory.sample();
    await polls.sample();
    seen = await read();
    context.progress(`${route.api}: ${seen} of ${orders} orders, ${polls.count} polls`);
  }
  const seconds = (Date.now() - startedMs) / 1_000;
  const cpu = {
    ingest: ((ingest.cpuSeconds() - before.ingest) / seen) * 1e6,
    double: ((sandbox.cpuSeconds() - before.sandbox) / seen) * 1e6,
  };
  const facts = await metricOf(ingest.url, 'watertight_ingest_facts_total');
  const published = await metricOf(ingest.url, 'watertight_ingest_facts_total', 'kind="order"');
  await ingest.stop();
  await sandbox.stop();
  const what = `history by ${route.api}`;
  return [
    { name: `${what}, orders read`, value: seen / seconds, unit: 'orders/s' },
    { name: `${what}, facts published`, value: facts / seconds, unit: 'events/s' },
    { name: `${what}, orders published`, value: published, unit: '', floor: orders },
    { name: `${what}, CPU of ingest`, value: cpu.ingest, unit: 'µs CPU/order', better: 'less' },
    { name: `${what}, CPU of the double`, value: cpu.double, unit: 'µs CPU/order', better: 'less' },
    ...polls.figures(what, seconds),
    ...memory.figures(what),
  ];
}

/** The fast loop beside the backfill: how often it came round, and how long each poll took. */
class PollWatch {
  readonly #ingest: BenchService;
  readonly #tookMs: number[] = [];
  #sum = 0;
  #count = 0;

  constructor(ingest: BenchService) {
    this.#ingest = ingest;
  }

  get count(): number {
    return this.#count;
  }

  /** To be asked more often than polls come: each of them is then seen by itself. */
  async sample(): Promise<void> {
    const metric = 'watertight_ingest_poll_duration_seconds';
    const sum = await metricOf(this.#ingest.url, `${metric}_sum`);
    const count = await metricOf(this.#ingest.url, `${metric}_count`);
    if (count > this.#count) this.#tookMs.push(((sum - this.#sum) / (count - this.#count)) * 1_000);
    [this.#sum, this.#count] = [sum, count];
  }

  figures(what: string, seconds: number): readonly Figure[] {
    const sorted = this.#tookMs.sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    const poll = `${what}, a live poll meanwhile`;
    const least = Math.floor(seconds / POLL_WITHIN_S);
    return [
      { name: `${what}, live polls meanwhile`, value: this.#count, unit: '', floor: least },
      { name: `${poll}, median`, value: at(0.5), unit: 'ms', better: 'less' },
      { name: `${poll}, 95 % within`, value: at(0.95), unit: 'ms', better: 'less' },
      { name: `${poll}, longest`, value: at(1), unit: 'ms', better: 'less' },
    ];
  }
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
    nodeArguments: [...nodeArgumentsOf('mirakl-ingest'), ...profileArguments(context)],
    env: {
      ...memoryEnvironment,
      MARKETPLACES_FILE: file,
      BENCH_API_KEY: `sandbox-${id}-key`,
      // Nobody takes the orders here: the mapper and the writer are measured elsewhere.
      BACKFILL_MAX_IN_FLIGHT: '10000000',
    },
  });
}

/** With `--set profile=1` a CPU profile of ingest is left in artifacts/profiles, one for each route. */
function profileArguments(context: BenchContext): readonly string[] {
  if (context.number('profile', 0) === 0) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${join(root, 'artifacts/profiles')}`];
}

async function post(sandbox: BenchSandbox, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
}
