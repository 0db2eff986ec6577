import type { Attributes } from '@watertight/contracts';
import type { AttributeMapping } from '../marketplaces-schema.ts';
import type { SourceValue } from './source-fields.ts';

export type AttributeValue = Attributes[string];

/** Longer texts are cut and longer lists end: Klaviyo's limits are far higher, a message's are not. */
const TEXT_MAX_LENGTH = 1_000;
const LIST_MAX_LENGTH = 100;

/**
 * A value in the type that the mapping asks for; undefined when it cannot be read as one, and then it is left out rather
 * than sent as something else. Numbers have a point for the decimals; booleans are `true` or `false`, which is how
 * Mirakl writes them; dates are ISO 8601 and come out as UTC, a day without a time as the day it is.
 */
export function convertValue(
  value: Exclude<SourceValue, null>,
  as: AttributeMapping['as'],
): AttributeValue | undefined {
  switch (as) {
    case 'text':
      return asText(value);
    case 'number':
      return asNumber(value);
    case 'boolean':
      return asBoolean(value);
    case 'date':
      return asDate(value);
    case 'list':
      return asList(value);
  }
}

function asText(value: Exclude<SourceValue, null>): string {
  const text = typeof value === 'object' ? value.join(', ') : String(value);
  return text.slice(0, TEXT_MAX_LENGTH).toWellFormed();
}

function asNumber(value: Exclude<SourceValue, null>): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^[+-]?\d{1,15}(\.\d{1,15})?$/.test(value)) return undefined;
  return Number(value);
}

function asBoolean(value: Exclude<SourceValue, null>): boolean | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.toLowerCase();
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

function asDate(value: Exclude<SourceValue, null>): string | undefined {
  if (typeof value !== 'string' || !(DAY.test(value) || INSTANT.test(value))) return undefined;
  const at = new Date(value.replace(/([+-]\d{2})(\d{2})$/, DAY.test(value) ? '$&' : '$1:$2'));
  if (Number.isNaN(at.getTime())) return undefined;
  const iso = at.toISOString();
  // A day that the calendar does not have is moved by the parser: 31 February would become 3 March.
  if (DAY.test(value)) return iso.startsWith(value) ? value : undefined;
  return iso;
}

function asList(value: Exclude<SourceValue, null>): string[] {
  const texts = typeof value === 'object' ? value : [String(value)];
  return [...new Set(texts)].slice(0, LIST_MAX_LENGTH).map(asText);
}
