import { isJsonObject, memberAt, type Json, type JsonObject } from '../http/json.ts';
import type { EventDraft, ProfileDraft } from './event-draft.ts';
import { invalidAt, type KlaviyoProblem } from './klaviyo-errors.ts';
import { checkProperties } from './validate-properties.ts';

const attributeNames = new Set([
  'properties',
  'time',
  'value',
  'value_currency',
  'unique_id',
  'backfill',
  'metric',
  'profile',
]);

const currencies = new Set(Intl.supportedValuesOf('currency'));
const longestMetricName = 127;
const earliestMs = Date.UTC(1990, 0, 1);
const yearMs = 366 * 86_400_000;

export interface EventContext {
  readonly nowMs: number;
  readonly readsBackfill: boolean;
  /** `backfill` of the group that a bulk event belongs to. */
  readonly groupBackfill: boolean;
}

/** Reads an event's `attributes`. Adds what is wrong to `problems`; `undefined` when there is nothing to store. */
export function readEventAttributes(
  attributes: Json | undefined,
  profile: ProfileDraft | undefined,
  pointer: string,
  context: EventContext,
  problems: KlaviyoProblem[],
): EventDraft | undefined {
  if (!isJsonObject(attributes)) {
    problems.push(invalidAt(pointer, "'attributes' is a required field."));
    return undefined;
  }
  const before = problems.length;
  for (const name of Object.keys(attributes)) {
    if (attributeNames.has(name)) continue;
    problems.push(
      invalidAt(`${pointer}/${name}`, `'${name}' is not a valid field for the resource 'event'.`),
    );
  }
  const properties = attributes['properties'];
  if (isJsonObject(properties)) checkProperties(properties, `${pointer}/properties`, problems);
  else problems.push(invalidAt(`${pointer}/properties`, "'properties' is a required field."));
  const metricName = readMetricName(attributes, pointer, problems);
  const seconds = readTime(attributes['time'], `${pointer}/time`, context.nowMs, problems);
  const amount = readValue(attributes, pointer, problems);
  const uniqueId = readUniqueId(attributes['unique_id'], `${pointer}/unique_id`, problems);
  const backfill = readBackfill(attributes['backfill'], `${pointer}/backfill`, context, problems);
  if (problems.length > before || profile === undefined || !isJsonObject(properties)) return undefined;
  return { metricName, uniqueId, seconds, ...amount, backfill, properties, profile };
}

function readMetricName(attributes: JsonObject, pointer: string, problems: KlaviyoProblem[]): string {
  const at = `${pointer}/metric/data`;
  const data = memberAt(attributes, 'metric', 'data');
  if (!isJsonObject(data)) {
    problems.push(invalidAt(`${pointer}/metric`, "'metric' is a required field."));
    return '';
  }
  if (data['type'] !== 'metric')
    problems.push(invalidAt(`${at}/type`, "The resource type must be 'metric'."));
  const name = memberAt(data, 'attributes', 'name');
  if (typeof name !== 'string' || name === '') {
    problems.push(invalidAt(`${at}/attributes/name`, "'name' is a required field."));
    return '';
  }
  if (name.length > longestMetricName) {
    problems.push(invalidAt(`${at}/attributes/name`, 'The metric name must be less than 128 characters.'));
  }
  return name;
}

const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** Without an offset the time is taken as UTC: a local time shifts without a word. */
function readTime(
  value: Json | undefined,
  pointer: string,
  nowMs: number,
  problems: KlaviyoProblem[],
): number {
  if (value === undefined || value === null) return Math.floor(nowMs / 1000);
  const ms = typeof value === 'string' && timeForm.test(value) ? Date.parse(withOffset(value)) : Number.NaN;
  if (Number.isNaN(ms)) problems.push(invalidAt(pointer, "'time' must be an ISO 8601 date-time."));
  else if (ms < earliestMs) problems.push(invalidAt(pointer, "'time' must be after the year 1990."));
  else if (ms > nowMs + yearMs)
    problems.push(invalidAt(pointer, "'time' must not be over 1 year in the future."));
  return Math.floor(ms / 1000);
}

function withOffset(time: string): string {
  return /(?:Z|[+-]\d{2}:?\d{2})$/.test(time) ? time : `${time}Z`;
}

function readValue(
  attributes: JsonObject,
  pointer: string,
  problems: KlaviyoProblem[],
): { readonly value: number | null; readonly currency: string | null } {
  const value = attributes['value'] ?? null;
  const currency = attributes['value_currency'] ?? null;
  if (value !== null && typeof value !== 'number') {
    problems.push(invalidAt(`${pointer}/value`, "'value' must be a number."));
  }
  if (currency !== null && (typeof currency !== 'string' || !currencies.has(currency))) {
    problems.push(
      invalidAt(`${pointer}/value_currency`, "'value_currency' must be an ISO 4217 currency code."),
    );
  }
  return {
    value: typeof value === 'number' ? value : null,
    currency: typeof currency === 'string' ? currency : null,
  };
}

function readUniqueId(value: Json | undefined, pointer: string, problems: KlaviyoProblem[]): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  problems.push(invalidAt(pointer, "'unique_id' must be a string."));
  return null;
}

function readBackfill(
  value: Json | undefined,
  pointer: string,
  context: EventContext,
  problems: KlaviyoProblem[],
): boolean {
  if (!context.readsBackfill) return false;
  if (value === undefined || value === null) return context.groupBackfill;
  if (typeof value === 'boolean') return value;
  problems.push(invalidAt(pointer, "'backfill' must be a boolean."));
  return false;
}
