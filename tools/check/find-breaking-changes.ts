/**
 * A published version only ever gains optional fields. Everything else breaks a reader or a writer that is already
 * out there: a field that goes or becomes required, a type that gets narrower or wider.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const ANNOTATIONS = new Set(['description', 'title', 'examples', '$id', '$schema', '$comment']);

/** Sentences, one per breaking change, each with the JSON pointer of the place; empty when there is none. */
export function findBreakingChanges(published: Json, current: Json, at = ''): string[] {
  if (isObject(published) && isObject(current)) return compareObjects(published, current, at);
  if (Array.isArray(published) && Array.isArray(current)) return compareLists(published, current, at);
  return published === current ? [] : [`${at || '/'}: was ${short(published)}, is ${short(current)}`];
}

function compareObjects(published: JsonObject, current: JsonObject, at: string): string[] {
  const problems: string[] = [];
  const required = namesIn(current['required']);
  for (const key of new Set([...Object.keys(published), ...Object.keys(current)])) {
    if (ANNOTATIONS.has(key) && !isPropertyMap(at)) continue;
    const here = `${at}/${key}`;
    const before = published[key];
    const after = current[key];
    if (key === 'required' && !isPropertyMap(at)) {
      const old = namesIn(before);
      for (const name of required)
        if (!old.includes(name)) problems.push(`${at || '/'}: ${name} has become required`);
      for (const name of old)
        if (!required.includes(name)) problems.push(`${at || '/'}: ${name} may now be missing`);
    } else if (before === undefined) {
      // A new property is the one allowed change (whether it is required is judged above).
      if (!isPropertyMap(at)) problems.push(`${here}: a new rule`);
    } else if (after === undefined) {
      problems.push(`${here}: was removed`);
    } else {
      problems.push(...findBreakingChanges(before, after, here));
    }
  }
  return problems;
}

function compareLists(published: readonly Json[], current: readonly Json[], at: string): string[] {
  if (published.length !== current.length) {
    return [`${at}: had ${published.length} entries, has ${current.length}`];
  }
  return published.flatMap((entry, index) =>
    findBreakingChanges(entry, current[index] ?? null, `${at}/${index}`),
  );
}

interface JsonObject {
  readonly [key: string]: Json;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Inside `properties` the keys are the names of fields, so a field called "title" is no annotation. */
function isPropertyMap(at: string): boolean {
  return at.endsWith('/properties');
}

function namesIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
