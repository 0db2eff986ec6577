import type { Balance } from '../run/balance.ts';
import { isNothing } from '../run/balance.ts';
import { expectedEvents } from './expected-events.ts';
import type { TrueEvent, TrueOrder, Truth } from './sandbox-orders.ts';

/** What the ledger says of one order. */
export interface LedgerOrder {
  readonly orderKey: string;
  readonly bucket: string | null;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
}

/** Everything that the law is judged by, read when the system had come to rest. */
export interface Evidence {
  readonly truth: Truth;
  readonly balance: Balance;
  readonly ordersAtMirakl: ReadonlyMap<string, readonly TrueOrder[]>;
  readonly eventsAtKlaviyo: readonly TrueEvent[];
  readonly ledger: readonly LedgerOrder[];
  /** Everything the services wrote to their logs. */
  readonly logs: string;
  /** What must stand in no log: addresses and keys. */
  readonly secrets: readonly string[];
}

const bucketOf: Readonly<Record<string, string>> = {
  direct: 'verified',
  not_a_sale: 'not_a_sale',
  not_yet_a_sale: 'in_flight',
};

/** How many violations of one kind are named. */
const namedMax = 5;

/**
 * The law: the doubles' truth equals the ledger, in number and money, order by order; every expected event is stored
 * exactly once and no other; no call that could change consent; nobody's address and no key in a log. Pure. Returns a
 * sentence per violation.
 */
export function checkLaw(evidence: Evidence): readonly string[] {
  return [
    ...balanceViolations(evidence),
    ...orderViolations(evidence),
    ...eventViolations(evidence),
    ...callViolations(evidence),
    ...logViolations(evidence),
  ];
}

function balanceViolations({ balance, truth }: Evidence): string[] {
  const found: string[] = [];
  if (!isNothing(balance.difference)) found.push(`the difference is ${JSON.stringify(balance.difference)}`);
  const inBuckets = Object.values(balance.buckets).reduce((sum, { orders }) => sum + orders, 0);
  const atMirakl = Object.values(truth.mirakl).reduce((sum, { orders }) => sum + orders, 0);
  if (inBuckets !== atMirakl) found.push(`${inBuckets} orders in the buckets, ${atMirakl} at Mirakl`);
  const currencies = new Set(Object.values(truth.mirakl).flatMap(({ money }) => Object.keys(money)));
  for (const currency of currencies) {
    const sumOf = (amounts: readonly { money: Readonly<Record<string, string>> }[]): number =>
      amounts.reduce((sum, { money }) => sum + toMinor(money[currency] ?? '0'), 0);
    const ours = sumOf(Object.values(balance.buckets));
    const theirs = sumOf(Object.values(truth.mirakl));
    if (ours !== theirs) found.push(`${ours} minor units of ${currency} in the buckets, ${theirs} at Mirakl`);
  }
  return found;
}

/** The demo's currencies have two decimals; three are kept so that a third would be noticed. */
function toMinor(amount: string): number {
  return Math.round(Number(amount) * 1_000);
}

function orderViolations({ ordersAtMirakl, ledger }: Evidence): string[] {
  const known = new Map(ledger.map((order) => [order.orderKey, order]));
  const missing: string[] = [];
  const misplaced: string[] = [];
  const wrongSum: string[] = [];
  for (const [marketplace, orders] of ordersAtMirakl) {
    for (const order of orders) {
      const key = `${marketplace}:${order.orderId}`;
      const ours = known.get(key);
      known.delete(key);
      if (ours === undefined) {
        missing.push(key);
        continue;
      }
      const bucket = bucketOf[order.meaning] ?? 'uncaptured_contact';
      if (ours.bucket !== bucket) misplaced.push(`${key} is ${ours.bucket ?? 'nowhere'}, not ${bucket}`);
      if (toMinor(ours.amount?.amount ?? 'NaN') !== toMinor(order.amount ?? 'NaN')) {
        wrongSum.push(
          `${key} is ${ours.amount?.amount ?? 'unknown'}, at Mirakl ${order.amount ?? 'unknown'}`,
        );
      }
    }
  }
  return [
    ...few('orders are missing in the ledger', missing),
    ...few('orders are in the wrong bucket', misplaced),
    ...few('orders have a wrong amount', wrongSum),
    ...few('orders are in the ledger and not at Mirakl', [...known.keys()]),
  ];
}

function eventViolations({ ordersAtMirakl, eventsAtKlaviyo }: Evidence): string[] {
  const stored = new Map<string, number>();
  for (const { metric, uniqueId } of eventsAtKlaviyo) {
    const name = `${metric}|${uniqueId}`;
    stored.set(name, (stored.get(name) ?? 0) + 1);
  }
  const lost: string[] = [];
  const expected = new Set<string>();
  for (const [marketplace, orders] of ordersAtMirakl) {
    const { required, allowed, oneOf } = expectedEvents(marketplace, orders);
    for (const name of [...required, ...allowed]) expected.add(name);
    lost.push(...[...required].filter((name) => !stored.has(name)));
    lost.push(
      ...oneOf.filter((names) => !names.some((name) => stored.has(name))).map((names) => names.join(' or ')),
    );
  }
  return [
    ...few('events are lost', lost),
    ...few(
      'events are stored more than once',
      [...stored].filter(([, times]) => times > 1).map(([name, times]) => `${name} (${times} times)`),
    ),
    ...few(
      'events are stored that nobody expects',
      [...stored.keys()].filter((name) => !expected.has(name)),
    ),
  ];
}

function callViolations({ truth: { klaviyo } }: Evidence): string[] {
  return [
    ...(klaviyo.doubled === 0 ? [] : [`Klaviyo counts ${klaviyo.doubled} doubled events`]),
    ...(klaviyo.forbiddenCalls === 0 ? [] : [`${klaviyo.forbiddenCalls} calls that may change consent`]),
  ];
}

function logViolations({ logs, secrets }: Evidence): string[] {
  // What stands there is not repeated here: this goes into a log, too.
  const found = secrets.filter((secret) => logs.includes(secret)).length;
  return found === 0 ? [] : [`${found} addresses or keys stand in the logs`];
}

function few(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > namedMax ? ` and ${names.length - namedMax} more` : '';
  return [`${names.length} ${what}: ${names.slice(0, namedMax).join(', ')}${more}`];
}
