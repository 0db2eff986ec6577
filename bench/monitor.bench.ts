// leakage-monitor alone: facts and outcomes that wait in Kafka become a ledger, then its API is asked over HTTP what a
// person asks: the balance, an order by its number, the desk. Times are of single requests, one after the other.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { factOutcome, type Outcome, Topics } from '@watertight/contracts';
import { outgoing, type OutgoingMessage } from '@watertight/kafka';
import { nodeArgumentsOf } from '../tools/stack/apps.ts';
import type { BenchContext, BenchService, Figure } from './bench-context.ts';
import { benchPolicy } from './buyer-events.ts';
import { receivedOrder } from './order-facts.ts';
import { publishOrders } from './publish-orders.ts';

const TOKEN = 'a-token-for-benchmarks-only';
const LOOK_EVERY_MS = 1_000;
const PROGRESS_WITHIN_MS = 180_000;
const REQUESTS = 100;
const UNTIMED_REQUESTS = 5;
const BALANCE_MS_MAX = 300;
const BALANCE_MS_AIM = 50;
const SEARCH_MS_MAX = 200;
const MAPPED_WITHIN_MS = 5_000;
/** Of a hundred orders: 90 arrive, 5 have only a relay address, 3 were rejected by Klaviyo, 2 are under way. */
const FATES_OF = 100;

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const orders = context.number('orders', 1_000_000);
  const policyFile = join(context.dataDir, 'marketplaces.yaml');
  writeFileSync(policyFile, benchPolicy());
  context.progress(`publishing ${orders} orders and what was said of them`);
  await publishOrders(context, orders, messagesOf);
  const monitor = await context.startService({
    name: 'leakage-monitor',
    nodeArguments: nodeArgumentsOf('leakage-monitor'),
    env: {
      MARKETPLACES_FILE: policyFile,
      BUYER_ID_KEY: 'a key for benchmarks only, long enough for it',
      LOCAL_TOKEN: TOKEN,
    },
  });
  const startedMs = Date.now();
  await untilFolded(context, monitor, orders);
  const foldS = (Date.now() - startedMs) / 1_000;
  const spread = (index: number) => Math.floor((index * orders) / REQUESTS);
  const balance = await timesOf(context, monitor, 'balance', () => '/balance');
  const search = await timesOf(context, monitor, 'order', (index) => `/orders?query=B-${spread(index)}`);
  const lists = await timesOf(context, monitor, 'list', () => '/orders?bucket=failed');
  const groups = await timesOf(context, monitor, 'desk', () => '/exceptions?state=active');
  const campaign = await timesOf(context, monitor, 'campaign check', () => `/campaign-check?${lastDays(90)}`);
  const finance = await timesOf(context, monitor, 'finance', () => `/finance?${lastMonth()}`);
  const operations = await timesOf(context, monitor, 'operations', () => '/operations');
  const residentMb = await monitor.residentMb();
  await monitor.stop();
  return [
    { name: 'orders folded, with two outcomes each', value: orders / foldS, unit: 'orders/s' },
    ...figuresOf('balance', balance, BALANCE_MS_MAX, BALANCE_MS_AIM),
    ...figuresOf('order by its number', search, SEARCH_MS_MAX),
    ...figuresOf('list of failed orders', lists, SEARCH_MS_MAX),
    ...figuresOf('exceptions in groups, first page', groups),
    ...figuresOf('campaign check of 90 days', campaign),
    ...figuresOf('finance, one month', finance),
    ...figuresOf('operations', operations),
    { name: 'resident memory at the end', value: residentMb, unit: 'MB', better: 'less' },
  ];
}

function messagesOf(index: number, now: Date): readonly OutgoingMessage[] {
  const fact = receivedOrder(index, now);
  const { orderKey: key } = fact;
  return [
    outgoing(Topics.orders, { key, subject: key, value: fact }),
    ...saidOf(index, key, now).map((value) => outgoing(Topics.outcomes, { key, subject: key, value })),
  ];
}

function saidOf(index: number, orderKey: string, now: Date): readonly Outcome[] {
  const fate = index % FATES_OF;
  const base = { orderKey, factId: orderKey, revision: 1, at: now };
  if (fate < 5)
    return [factOutcome({ ...base, stage: 'mapper', outcome: 'uncaptured', reason: 'contact.relay' })];
  const event = `${orderKey}:placed`;
  const mapped = factOutcome({ ...base, stage: 'mapper', outcome: 'mapped', eventIds: [event] });
  if (fate < 7) return [mapped];
  const at = new Date(now.getTime() + MAPPED_WITHIN_MS);
  const written = { ...base, stage: 'writer', factId: event, at } as const;
  return fate < 10
    ? [mapped, factOutcome({ ...written, outcome: 'failed', reason: 'klaviyo.rejected' })]
    : [mapped, factOutcome({ ...written, outcome: 'verified' })];
}

/** Waits until every order is in the bucket that its words lead to. */
async function untilFolded(context: BenchContext, monitor: BenchService, orders: number): Promise<void> {
  let seen = -1;
  let seenMs = Date.now();
  while (seen < orders) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
    const body = await ask(monitor, '/balance');
    const told = brought(body);
    context.progress(`${told} of ${orders} orders are where they belong`);
    if (told !== seen) seenMs = Date.now();
    seen = told;
    if (Date.now() - seenMs > PROGRESS_WITHIN_MS)
      throw new Error(`nothing came of the orders for three minutes:\n${monitor.lastOutput()}`);
  }
}

/** Orders in their last bucket; those that stay under way by their fate are counted by their share. */
function brought(balance: unknown): number {
  const ended = ['verified', 'uncaptured_contact', 'failed'].reduce(
    (sum, bucket) => sum + numberAt(balance, ['buckets', bucket, 'orders']),
    0,
  );
  const captured = numberAt(balance, ['captured', 'orders']);
  const wanted = captured - Math.ceil((captured * 2) / FATES_OF);
  return ended >= wanted ? captured : ended;
}

function numberAt(value: unknown, path: readonly string[]): number {
  const found = path.reduce<unknown>(
    (one, key) => (typeof one === 'object' && one !== null ? Reflect.get(one, key) : undefined),
    value,
  );
  if (typeof found !== 'number') throw new Error(`the balance has no number at ${path.join('.')}`);
  return found;
}

async function ask(monitor: BenchService, path: string): Promise<unknown> {
  const response = await fetch(`${monitor.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Milliseconds of each request, sorted. */
async function timesOf(
  context: BenchContext,
  monitor: BenchService,
  what: string,
  pathOf: (index: number) => string,
): Promise<readonly number[]> {
  context.progress(`asking for: ${what}`);
  const times: number[] = [];
  for (let index = -UNTIMED_REQUESTS; index < REQUESTS; index += 1) {
    context.signal.throwIfAborted();
    const startedMs = performance.now();
    await ask(monitor, pathOf(Math.max(0, index)));
    if (index >= 0) times.push(performance.now() - startedMs);
  }
  return times.sort((one, other) => one - other);
}

function lastDays(days: number): string {
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  return `from=${day(days)}&to=${day(0)}`;
}

/** The last whole month. */
function lastMonth(): string {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
  return `from=${month}&to=${month}`;
}

/** Median and 99th percentile; the latter must stay below `max`. */
function figuresOf(name: string, times: readonly number[], max?: number, aim?: number): Figure[] {
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return [
    {
      name: `${name}, median`,
      value: at(0.5),
      unit: 'ms',
      better: 'less',
      ...(aim === undefined ? {} : { aim }),
    },
    {
      name: `${name}, p99`,
      value: at(0.99),
      unit: 'ms',
      better: 'less',
      ...(max === undefined ? {} : { floor: max }),
    },
  ];
}
