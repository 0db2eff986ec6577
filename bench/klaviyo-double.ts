import type { Figure } from './bench-context.ts';

/** What the Klaviyo double itself counts. */
export interface DoubleCounts {
  /** Events that were answered 202 and are or will be stored. */
  readonly accepted: number;
  readonly stored: number;
  /** Events beyond the first of one (metric, unique_id). */
  readonly doubled: number;
  /** Calls over the quota. */
  readonly throttled: number;
  /** Pages of events that were read back. */
  readonly eventReads: number;
}

/** Reads of events that Klaviyo allows an account in a minute. */
const EVENT_READS_PER_MINUTE = 3_500;

export async function countsOf(sandboxUrl: string): Promise<DoubleCounts> {
  const truth = await getJson(`${sandboxUrl}/sandbox/truth`);
  const stored = numberAt(truth, 'klaviyo', 'events');
  return {
    stored,
    accepted: stored + numberAt(truth, 'klaviyo', 'pending'),
    doubled: numberAt(truth, 'klaviyo', 'doubled'),
    throttled: numberAt(truth, 'klaviyo', 'throttled'),
    eventReads: countAt(truth, 'klaviyo', 'requests', 'GET /api/events'),
  };
}

/** What must hold whatever is measured: all of `wanted` is there, once, and nothing was asked too fast. */
export function soundness(
  what: string,
  { stored, doubled, throttled }: DoubleCounts,
  wanted: number,
): readonly Figure[] {
  const none = { unit: '', floor: 0, better: 'less' } as const;
  return [
    { name: `${what}, lost`, value: wanted - stored, ...none },
    { name: `${what}, doubled`, value: doubled, ...none },
    { name: `${what}, our own 429`, value: throttled, ...none },
  ];
}

/** What verification costs of what Klaviyo allows it, by the pages that were read in this time. */
export function verificationShare(
  what: string,
  from: DoubleCounts,
  to: DoubleCounts,
  seconds: number,
): Figure {
  const allowed = (EVENT_READS_PER_MINUTE / 60) * seconds;
  const value = (100 * (to.eventReads - from.eventReads)) / allowed;
  return {
    name: `${what}, verification, share of the reads allowed`,
    value,
    unit: '%',
    floor: 25,
    better: 'less',
  };
}

/** For each stored event of a metric, by its unique id, when the double began to show it (ms since 1970). */
export async function storedAt(sandboxUrl: string, metric: string): Promise<ReadonlyMap<string, number>> {
  const events = await getJson(`${sandboxUrl}/sandbox/klaviyo/events?metric=${encodeURIComponent(metric)}`);
  if (!Array.isArray(events)) throw new TypeError('the double lists no events');
  return new Map(
    events.map((event: unknown): [string, number] => [
      String(memberOf(event, 'uniqueId')),
      Date.parse(String(memberOf(event, 'storedAt'))),
    ]),
  );
}

/** Sum of a metric of a service over all its labels that contain `label`. */
export async function metricOf(serviceUrl: string, name: string, label = ''): Promise<number> {
  const response = await fetch(`${serviceUrl}/metrics`);
  const lines = (await response.text())
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(label));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

function numberAt(value: unknown, ...path: readonly string[]): number {
  const found = path.reduce<unknown>(memberOf, value);
  if (typeof found !== 'number') throw new TypeError(`the double says no number at ${path.join('.')}`);
  return found;
}

/** A counter that is not there yet counts nothing. */
function countAt(value: unknown, ...path: readonly string[]): number {
  return path.reduce<unknown>(memberOf, value) === undefined ? 0 : numberAt(value, ...path);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
