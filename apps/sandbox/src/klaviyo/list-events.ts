import type { Json, JsonObject } from '../http/json.ts';
import type { KlaviyoAccount } from './klaviyo-account.ts';
import { invalidParameter } from './klaviyo-errors.ts';
import { byTime } from './metric-book.ts';
import {
  collectionLinks,
  listParameter,
  pageSizeOf,
  readCursor,
  writeCursor,
  type Query,
} from './page-cursor.ts';
import { parseFilter, type FilterTerm } from './parse-filter.ts';
import { renderEvent, renderMetric, renderProfile } from './render-resources.ts';
import type { StoredEvent } from './stored.ts';

const ranges = ['greater-than', 'greater-or-equal', 'less-than', 'less-or-equal'];

const rules = {
  metric_id: ['equals'],
  profile_id: ['equals'],
  profile: ['has'],
  metric: ['has'],
  datetime: ranges,
  timestamp: ranges,
};

const sorts = ['datetime', '-datetime', 'timestamp', '-timestamp'];
const eventFields = ['datetime', 'event_properties', 'id', 'timestamp', 'uuid'];

/** Where the answer's links begin, and the full URL that was asked for. */
export interface Asked {
  readonly query: Query;
  readonly api: string;
  readonly url: string;
}

/** `GET /api/events`. Throws `KlaviyoRefusal` (400) on a parameter that Klaviyo refuses. */
export function listEvents(account: KlaviyoAccount, asked: Asked): JsonObject {
  const { query } = asked;
  const terms = parseFilter(query['filter'], rules);
  const size = pageSizeOf(query, { default: 200, most: 1000 });
  const sort = query['sort'] ?? '-datetime';
  if (!sorts.includes(sort)) throw invalidParameter('sort', `'${sort}' is not one of: ${sorts.join(', ')}.`);
  const include = listParameter(query, 'include', ['attributions', 'metric', 'profile']);
  const fields = listParameter(query, 'fields[event]', eventFields);
  const found = orderedFrom(account, terms, sort.startsWith('-'), readCursor(query));
  const page = firstMatching(found, terms, size + 1);
  const shown = page.slice(0, size);
  const last = shown.at(-1);
  const next = page.length > size && last ? writeCursor([last.seconds, last.number]) : undefined;
  return {
    data: shown.map((event) => renderEvent(event, asked.api, fields.size > 0 ? fields : undefined)),
    links: { ...collectionLinks(asked, next) },
    included: include.size > 0 ? includedOf(shown, include, asked.api) : undefined,
  };
}

/** The events that can match, in order, from the cursor on. */
function orderedFrom(
  account: KlaviyoAccount,
  terms: readonly FilterTerm[],
  descending: boolean,
  cursor: readonly number[] | undefined,
): Iterable<StoredEvent> {
  const ascending = candidates(account, terms);
  const { from, to } = timeRange(terms);
  const first = lowerBound(ascending, (event) => event.seconds < from);
  const end = lowerBound(ascending, (event) => event.seconds <= to);
  const [seconds = 0, number = 0] = cursor ?? [];
  const isBefore = (event: StoredEvent): boolean =>
    event.seconds < seconds || (event.seconds === seconds && event.number < number);
  const place = cursor ? lowerBound(ascending, isBefore) : undefined;
  return descending
    ? backward(ascending, first, Math.min(end, place ?? end))
    : forward(ascending, Math.max(first, place === undefined ? first : place + 1), end);
}

function* forward(events: readonly StoredEvent[], first: number, end: number): Iterable<StoredEvent> {
  for (let index = first; index < end; index += 1) {
    const event = events[index];
    if (event) yield event;
  }
}

function* backward(events: readonly StoredEvent[], first: number, end: number): Iterable<StoredEvent> {
  for (let index = end - 1; index >= first; index -= 1) {
    const event = events[index];
    if (event) yield event;
  }
}

/** Sorted events of the metrics, or of the profile, that the filter names. */
function candidates(account: KlaviyoAccount, terms: readonly FilterTerm[]): readonly StoredEvent[] {
  const profileId = terms.find((term) => term.field === 'profile_id')?.values[0];
  if (profileId !== undefined) return [...(account.profiles.byId(profileId)?.events ?? [])].sort(byTime);
  const metricIds = terms.find((term) => term.field === 'metric_id')?.values;
  const metrics = metricIds
    ? metricIds.flatMap((id) => account.metrics.find(id) ?? [])
    : account.metrics.metrics;
  const [only] = metrics;
  if (only && metrics.length === 1) return only.events;
  return metrics.flatMap((metric) => [...metric.events]).sort(byTime);
}

function firstMatching(
  events: Iterable<StoredEvent>,
  terms: readonly FilterTerm[],
  most: number,
): readonly StoredEvent[] {
  const metricIds = new Set(terms.find((term) => term.field === 'metric_id')?.values);
  const found: StoredEvent[] = [];
  for (const event of events) {
    if (metricIds.size > 0 && !metricIds.has(event.metric.id)) continue;
    found.push(event);
    if (found.length >= most) break;
  }
  return found;
}

/** Bounds in whole seconds, both included. */
function timeRange(terms: readonly FilterTerm[]): { readonly from: number; readonly to: number } {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  for (const term of terms) {
    if (term.field !== 'datetime' && term.field !== 'timestamp') continue;
    const seconds = secondsOf(term);
    if (term.operator === 'greater-than') from = Math.max(from, Math.floor(seconds) + 1);
    if (term.operator === 'greater-or-equal') from = Math.max(from, Math.ceil(seconds));
    if (term.operator === 'less-than') to = Math.min(to, Math.ceil(seconds) - 1);
    if (term.operator === 'less-or-equal') to = Math.min(to, Math.floor(seconds));
  }
  return { from, to };
}

function secondsOf(term: FilterTerm): number {
  const text = term.values[0] ?? '';
  const seconds = term.field === 'timestamp' ? Number(text) : Date.parse(text) / 1000;
  if (text === '' || Number.isNaN(seconds)) {
    throw invalidParameter('filter', `Invalid filter provided: '${term.field}' has no valid value.`);
  }
  return seconds;
}

function lowerBound(events: readonly StoredEvent[], isBefore: (event: StoredEvent) => boolean): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event && isBefore(event)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function includedOf(events: readonly StoredEvent[], include: ReadonlySet<string>, api: string): Json {
  const metrics = include.has('metric') ? new Set(events.map((event) => event.metric)) : [];
  const profiles = include.has('profile') ? new Set(events.map((event) => event.profile)) : [];
  return [
    ...[...metrics].map((metric) => renderMetric(metric, api)),
    ...[...profiles].map((profile) => renderProfile(profile, api, false)),
  ];
}
