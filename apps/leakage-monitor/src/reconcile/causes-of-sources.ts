import {
  type Finding,
  type MetricCount,
  type Money,
  parseMoney,
  type UnknownValue,
} from '@watertight/contracts';
import type { Cause } from '../exceptions/cause.ts';
import { currentFailure } from '../marketplaces/judge-health.ts';
import type { SourceState } from './source-state.ts';

/** One marketplace as the pass sees it. */
export interface WatchedSource {
  readonly marketplaceId: string;
  readonly state: SourceState | undefined;
  /** Null for one that is not configured any more: nobody expects polls of it. */
  readonly pollIntervalMs: number | null;
  readonly settled: boolean;
  readonly auditedAt: string | null;
  /** Mirakl's count less the ledger, at the settled cut. */
  readonly difference: { readonly orders: number; readonly money: Readonly<Record<string, string>> };
  /** Numbers of orders that Mirakl shows and that were not captured. */
  readonly missing: readonly string[];
}

/** Mirakl's count of a day, beside what the ledger has of it. */
export interface CountedDay {
  readonly marketplaceId: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly at: string;
  readonly counted: number;
  readonly captured: number;
  readonly missing: readonly string[];
}

/** A failure may be a hiccup; two in a row are not. */
const FAILURES_MIN = 2;
const LATE_AFTER_INTERVALS = 10;
const LATE_AFTER_MS_MIN = 5 * 60_000;
const NAMED_MAX = 20;

/** Pure. What is amiss with a marketplace as a source. `startedAt` is since when polls could have been seen. */
export function causesOfSource(source: WatchedSource, startedAt: Date, now: Date): Cause[] {
  return [...unreachable(source), ...pollLate(source, startedAt, now), ...countDiffers(source)];
}

function unreachable({ marketplaceId, state }: WatchedSource): Cause[] {
  const failure = currentFailure(state);
  if (failure === null || failure.consecutive < FAILURES_MIN) return [];
  const times = `${failure.consecutive} times in a row`;
  const detail = failure.detail === null ? times : `${failure.detail} (${times})`;
  return [ofMarketplace(marketplaceId, failure.reason, failure.at, { detail })];
}

/** While polls fail, that they are late as well is no second cause. */
function pollLate(
  { marketplaceId, state, pollIntervalMs }: WatchedSource,
  startedAt: Date,
  now: Date,
): Cause[] {
  if (pollIntervalMs === null || currentFailure(state) !== null) return [];
  const last = state?.lastPoll?.completedAt ?? startedAt.toISOString();
  const lateAfterMs = Math.max(LATE_AFTER_MS_MIN, LATE_AFTER_INTERVALS * pollIntervalMs);
  if (now.getTime() - Date.parse(last) <= lateAfterMs) return [];
  const never = state?.lastPoll === undefined || state.lastPoll === null;
  const detail = never ? 'No complete poll has been seen yet' : `The last complete poll ended ${last}`;
  return [ofMarketplace(marketplaceId, 'source.poll_late', last, { detail })];
}

function countDiffers({ marketplaceId, settled, auditedAt, difference, missing }: WatchedSource): Cause[] {
  if (!settled || auditedAt === null) return [];
  const [currency, amount] = Object.entries(difference.money).find(([, text]) => Number(text) !== 0) ?? [];
  if (difference.orders === 0 && currency === undefined) return [];
  const money = currency === undefined || amount === undefined ? null : parseMoney(amount, currency);
  const detail = `${countedWords(difference.orders)}${namesOf(missing)}`;
  return [
    ofMarketplace(marketplaceId, 'source.count_differs', auditedAt, {
      detail,
      amount: money,
      orders: Math.abs(difference.orders),
    }),
  ];
}

function countedWords(orders: number): string {
  if (orders === 0) return 'Mirakl shows other amounts than were captured';
  const many = Math.abs(orders) === 1 ? '1 order' : `${Math.abs(orders)} orders`;
  return orders > 0
    ? `Mirakl counts ${many} more than were captured`
    : `${many} captured that Mirakl does not count`;
}

/** Order numbers are no personal data, and whoever looks into it begins with them. */
function namesOf(missing: readonly string[]): string {
  if (missing.length === 0) return '';
  const more = missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : '';
  return `; not captured: ${missing.slice(0, NAMED_MAX).join(', ')}${more}`;
}

/**
 * Pure. Days of which Mirakl counts more than was captured. Fewer is no gap here: an order may have been captured after
 * the count.
 */
export function causesOfDays(days: readonly CountedDay[]): Cause[] {
  return days
    .filter(({ counted, captured }) => counted > captured)
    .map(({ marketplaceId, day, at, counted, captured, missing }) => ({
      ...ofMarketplace(marketplaceId, 'balance.day_differs', at, {
        detail: `Mirakl counts ${counted} orders of ${day}, ${captured} were captured${namesOf(missing)}`,
        orders: counted - captured,
      }),
      about: `${marketplaceId}:day:${day}`,
    }));
}

/** Pure. What preflight checks found and nobody mended yet. */
export function causesOfFindings(findings: readonly Finding[]): Cause[] {
  return findings
    .filter(({ result }) => result === 'problem')
    .map(({ outcomeId, stage, marketplaceId, check, detail, at }) => ({
      ...ofMarketplace(marketplaceId, 'source.check_failed', at, { detail: `${check}: ${detail}` }),
      about: outcomeId,
      stage,
    }));
}

/** Pure. Values of open lists that the running version does not know: each is news once. */
export function noticesOfUnknownValues(values: readonly UnknownValue[]): Cause[] {
  return values.map(({ outcomeId, marketplaceId, field, value, count, at }) => ({
    ...ofMarketplace(marketplaceId, 'mapping.unknown_value', at, {
      detail: `${field} "${value}", seen ${count === 1 ? 'once' : `${count} times`}`,
    }),
    about: outcomeId,
    origin: 'notice',
  }));
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Events may be under way when the day ends, and Klaviyo takes its time to count. */
const METRIC_SETTLED_MS = 2 * HOUR_MS;

/** Pure. Metrics of past days of which Klaviyo counts something else than was delivered. */
export function causesOfMetrics(counts: readonly MetricCount[]): Cause[] {
  return counts
    .filter(
      (count) => Date.parse(count.at) >= Date.parse(`${count.day}T00:00:00Z`) + DAY_MS + METRIC_SETTLED_MS,
    )
    .filter(({ klaviyoEvents, deliveredEvents }) => klaviyoEvents !== deliveredEvents)
    .map(({ metric, day, klaviyoEvents, deliveredEvents, at }) => ({
      ...ofMarketplace(null, 'balance.klaviyo_differs', at, {
        detail: `${metric} on ${day} (UTC): Klaviyo counts ${klaviyoEvents}, ${deliveredEvents} were delivered`,
        orders: 0,
      }),
      about: `account:metric:${metric}:${day}`,
    }));
}

interface Found {
  readonly detail: string;
  readonly amount?: Money | null;
  readonly orders?: number;
}

export function ofMarketplace(
  marketplaceId: string | null,
  reason: string,
  since: string,
  found: Found,
): Cause {
  return {
    about: marketplaceId === null ? 'account' : `${marketplaceId}:source`,
    reason,
    origin: 'source',
    marketplaceId,
    orderKey: null,
    bucket: null,
    stage: null,
    detail: found.detail,
    amount: found.amount ?? null,
    orders: found.orders ?? 0,
    since: new Date(since).toISOString(),
  };
}
