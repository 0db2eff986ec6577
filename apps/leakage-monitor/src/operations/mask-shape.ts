/** How deep and how wide a shape is shown. */
const DEPTH_MAX = 8;
const ITEMS_MAX = 20;

/**
 * The shape of a message for a person who looks for what is wrong with it: names of fields, kinds of values, lengths;
 * no value. Names themselves are ours or Mirakl's, but for those that look like an address. Pure.
 */
export function maskShape(value: unknown, depth = 0): unknown {
  if (value === null) return null;
  if (typeof value === 'string') return `text of ${value.length}`;
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'true or false';
  if (depth >= DEPTH_MAX) return '…';
  if (Array.isArray(value))
    return value.slice(0, ITEMS_MAX).map((item: unknown) => maskShape(item, depth + 1));
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ITEMS_MAX * 5)
      .map(([name, inner]) => [isName(name) ? name : `name of ${name.length}`, maskShape(inner, depth + 1)]),
  );
}

function isName(name: string): boolean {
  return /^[A-Za-z_$][\w$.-]{0,60}$/.test(name);
}
