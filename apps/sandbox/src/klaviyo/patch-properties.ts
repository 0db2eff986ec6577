import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../http/json.ts';

/** Applies `append`, `unappend` and `unset` of `meta.patch_properties` to custom properties. */
export function patchProperties(properties: JsonObject, patch: JsonObject): JsonObject {
  const { append, unappend, unset } = patch;
  if (append === undefined && unappend === undefined && unset === undefined) return properties;
  const result: Record<string, Json | undefined> = { ...properties };
  for (const [key, value] of membersOf(append)) {
    result[key] = [...asList(result[key]), ...asList(value)];
  }
  for (const [key, value] of membersOf(unappend)) {
    const removed = new Set(asList(value).map((item) => JSON.stringify(item)));
    result[key] = asList(result[key]).filter((item) => !removed.has(JSON.stringify(item)));
  }
  for (const key of asList(unset)) {
    if (typeof key === 'string') delete result[key];
  }
  return result;
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json | undefined])[] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

function asList(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isJsonArray(value) ? value : [value];
}
