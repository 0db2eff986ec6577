/**
 * The texts of the elements of a JSON array, exactly as they were written: key order, number forms and all.
 * The text must be valid JSON; throws `SyntaxError` when its outermost value is not an array.
 */
export function splitJsonArray(text: string): readonly string[] {
  const body = text.trim();
  if (!body.startsWith('[') || !body.endsWith(']')) throw new SyntaxError('not a JSON array');
  const elements: string[] = [];
  let depth = 0;
  let inText = false;
  let start = 1;
  for (let index = 1; index < body.length - 1; index += 1) {
    const character = body.charAt(index);
    if (inText) {
      if (character === '\\') index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      elements.push(body.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = body.slice(start, -1).trim();
  return last === '' && elements.length === 0 ? [] : [...elements, last];
}

/** The text of one member of a JSON object, exactly as written, or `undefined` when the object has no such member. */
export function memberText(text: string, key: string): string | undefined {
  const body = text.trim();
  if (!body.startsWith('{')) return undefined;
  const members = splitJsonArray(`[${body.slice(1, -1)}]`);
  const prefix = JSON.stringify(key);
  const found = members.find((member) => member.startsWith(prefix));
  return found?.slice(found.indexOf(':', prefix.length) + 1).trim();
}
