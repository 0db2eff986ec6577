import type { Json, JsonObject } from '../http/json.ts';
import { invalidAt, type KlaviyoProblem } from './klaviyo-errors.ts';

const mostProperties = 400;
const longestTextBytes = 100_000;
const longestList = 4_000;
const deepestNesting = 10;

/** Checks Klaviyo's limits on `properties`. Adds at most one problem per limit. */
export function checkProperties(properties: JsonObject, pointer: string, problems: KlaviyoProblem[]): void {
  const count = Object.keys(properties).length;
  if (count > mostProperties) {
    problems.push(
      invalidAt(pointer, `An event must not exceed ${mostProperties} properties; it has ${count}.`),
    );
  }
  const broken = firstBrokenLimit(properties, 1);
  if (broken !== undefined) problems.push(invalidAt(pointer, broken));
}

function firstBrokenLimit(value: Json | undefined, depth: number): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > deepestNesting) return `Properties must not be nested deeper than ${deepestNesting} levels.`;
  const members: readonly (Json | undefined)[] = Array.isArray(value) ? value : Object.values(value);
  if (Array.isArray(value) && value.length > longestList)
    return `A list must not exceed ${longestList} items.`;
  for (const member of members) {
    const broken = firstBrokenLimit(member, depth + 1);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function textProblem(text: string): string | undefined {
  // A character takes at most 3 bytes per UTF-16 unit, so most texts need no counting.
  if (text.length * 3 <= longestTextBytes || Buffer.byteLength(text) <= longestTextBytes) return undefined;
  return 'A string must not exceed 100 KB.';
}
