import type { BenchContext, BenchService, Figure } from '../bench-context.ts';
import { API_TOKEN } from './whole-system.ts';

const REQUESTS = 60;
const UNTIMED = 5;

/** What a person waits for: the balance, and one order by its number. Requests one after the other. */
export async function apiFigures(context: BenchContext, monitor: BenchService): Promise<readonly Figure[]> {
  const balance = await timesOf(context, monitor, () => '/balance');
  const ids = await orderIds(monitor);
  const search = await timesOf(context, monitor, (index) => `/orders?query=${ids[index % ids.length] ?? ''}`);
  return [
    ...figuresOf('balance page', balance, { floor: 300, aim: 50 }),
    ...figuresOf('search of an order by its number', search, { floor: 200 }),
  ];
}

/** Some orders from all over the list. */
async function orderIds(monitor: BenchService): Promise<readonly string[]> {
  const body = await ask(monitor, '/orders?limit=200');
  const orders: unknown = Reflect.get(Object(body), 'orders');
  if (!Array.isArray(orders) || orders.length === 0) throw new Error('the API lists no orders');
  return orders.map((order: unknown) => String(Reflect.get(Object(order), 'orderId')));
}

async function timesOf(
  context: BenchContext,
  monitor: BenchService,
  pathOf: (index: number) => string,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = -UNTIMED; index < REQUESTS; index += 1) {
    context.signal.throwIfAborted();
    const beganMs = performance.now();
    await ask(monitor, pathOf(index + UNTIMED));
    if (index >= 0) times.push(performance.now() - beganMs);
  }
  return times.sort((one, other) => one - other);
}

async function ask(monitor: BenchService, path: string): Promise<unknown> {
  const response = await fetch(`${monitor.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${API_TOKEN}` },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function figuresOf(
  name: string,
  sorted: readonly number[],
  goals: { readonly floor: number; readonly aim?: number },
): readonly Figure[] {
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Infinity;
  const shared = { unit: 'ms', better: 'less' } as const;
  return [
    { name: `${name}, median`, value: at(0.5), ...shared },
    { name: `${name}, p95`, value: at(0.95), ...shared, ...goals },
  ];
}
