import { listAt, memberAt, textAt, type Json, type JsonObject } from '../http/json.ts';
import type { KlaviyoAccount } from './klaviyo-account.ts';
import { invalidAt, KlaviyoRefusal } from './klaviyo-errors.ts';
import type { Asked } from './list-events.ts';
import { parseFilter } from './parse-filter.ts';
import type { StoredEvent } from './stored.ts';

const rules = { datetime: ['greater-or-equal', 'greater-than', 'less-than', 'less-or-equal'] };
const measurementNames = ['count', 'sum_value', 'unique'];
const at = '/data/attributes';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Tally {
  readonly counts: number[];
  /** In ten-thousandths, so that many small decimals add up exactly. */
  readonly sums: number[];
  readonly people: Set<string>[];
}

/** `POST /api/metric-aggregates` in UTC: counts and sums per interval, by currency when asked. */
export function aggregateMetric(account: KlaviyoAccount, body: Json, asked: Asked): JsonObject {
  const attributes = memberAt(body, 'data', 'attributes');
  const metric = account.metrics.find(textAt(attributes, 'metric_id') ?? '');
  if (!metric) throw refused('metric_id', 'A metric with this id does not exist.');
  const measurements = listAt(attributes, 'measurements').filter((name) => typeof name === 'string');
  if (measurements.length === 0 || measurements.some((name) => !measurementNames.includes(name))) {
    throw refused('measurements', `'measurements' must be a list of: ${measurementNames.join(', ')}.`);
  }
  const timezone = memberAt(attributes, 'timezone') ?? 'UTC';
  if (timezone !== 'UTC') throw refused('timezone', 'The sandbox aggregates in UTC only.');
  const interval = textAt(attributes, 'interval') ?? 'day';
  const span = readSpan(listAt(attributes, 'filter'));
  const starts = intervalStarts(span, interval);
  const byCurrency = listAt(attributes, 'by').includes('$value_currency');
  const tallies = tallyUp(metric.events, span, starts, byCurrency);
  return {
    data: {
      type: 'metric-aggregate',
      id: metric.id,
      attributes: {
        dates: starts.map((ms) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`),
        data: [...tallies].map(([dimension, tally]) => ({
          dimensions: byCurrency ? [dimension] : [],
          measurements: measured(tally, measurements),
        })),
      },
      links: { self: asked.url },
    },
    links: { self: asked.url },
  };
}

function readSpan(filters: readonly Json[]): Span {
  const text = filters.filter((filter) => typeof filter === 'string').join(',');
  let fromMs: number | undefined;
  let toMs: number | undefined;
  for (const term of parseFilter(text, rules)) {
    const ms = Date.parse(withZone(term.values[0] ?? ''));
    if (Number.isNaN(ms)) throw refused('filter', "'datetime' has no valid value.");
    if (term.operator.startsWith('greater')) fromMs = term.operator === 'greater-than' ? ms + 1000 : ms;
    else toMs = term.operator === 'less-or-equal' ? ms + 1000 : ms;
  }
  if (fromMs === undefined || toMs === undefined || toMs <= fromMs) {
    throw refused('filter', 'A datetime range is required.');
  }
  if (toMs - fromMs > 366 * 86_400_000)
    throw refused('filter', 'The datetime range must not exceed one year.');
  return { fromMs, toMs };
}

function withZone(text: string): string {
  return /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
}

/** Starts of the hours, days, weeks (from Monday) or months that the span touches. */
function intervalStarts(span: Span, interval: string): readonly number[] {
  const first = new Date(span.fromMs);
  first.setUTCMinutes(0, 0, 0);
  if (interval !== 'hour') first.setUTCHours(0);
  if (interval === 'week') first.setUTCDate(first.getUTCDate() - ((first.getUTCDay() + 6) % 7));
  if (interval === 'month') first.setUTCDate(1);
  const starts: number[] = [];
  for (const start = first; start.getTime() < span.toMs;) {
    starts.push(start.getTime());
    if (interval === 'hour') start.setUTCHours(start.getUTCHours() + 1);
    else if (interval === 'week') start.setUTCDate(start.getUTCDate() + 7);
    else if (interval === 'month') start.setUTCMonth(start.getUTCMonth() + 1);
    else start.setUTCDate(start.getUTCDate() + 1);
  }
  return starts;
}

function tallyUp(
  events: readonly StoredEvent[],
  span: Span,
  starts: readonly number[],
  byCurrency: boolean,
): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>(byCurrency ? [] : [['', emptyTally(starts.length)]]);
  let slot = 0;
  for (const event of events) {
    const ms = event.seconds * 1000;
    if (ms < span.fromMs || ms >= span.toMs) continue;
    while (ms >= (starts[slot + 1] ?? Number.POSITIVE_INFINITY)) slot += 1;
    const dimension = byCurrency ? (event.currency ?? '') : '';
    const tally = tallies.get(dimension) ?? emptyTally(starts.length);
    tallies.set(dimension, tally);
    tally.counts[slot] = (tally.counts[slot] ?? 0) + 1;
    tally.sums[slot] = (tally.sums[slot] ?? 0) + Math.round((event.value ?? 0) * 10_000);
    tally.people[slot]?.add(event.profile.id);
  }
  return tallies;
}

function emptyTally(length: number): Tally {
  const zeros = (): number[] => Array.from({ length }, () => 0);
  return { counts: zeros(), sums: zeros(), people: Array.from({ length }, () => new Set<string>()) };
}

function measured(tally: Tally, names: readonly Json[]): JsonObject {
  const all: Readonly<Record<string, readonly number[]>> = {
    count: tally.counts,
    sum_value: tally.sums.map((sum) => sum / 10_000),
    unique: tally.people.map((people) => people.size),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

function refused(field: string, detail: string): KlaviyoRefusal {
  return new KlaviyoRefusal(400, [invalidAt(`${at}/${field}`, detail)]);
}
