import type { Outcome } from '@watertight/contracts';

export type UnknownValueWord = Extract<Outcome, { kind: 'unknown_value' }>;

/** A value of an open list, or a field, that this version does not know. */
export interface UnknownValue {
  readonly field: string;
  readonly value: string;
}

/** How often one has been seen, and how often it had been when it was last told of. */
export interface UnknownCount extends UnknownValue {
  readonly seen: number;
  readonly told: number;
}

/** A code of Mirakl's, such as a state. What looks otherwise may be anything, so it is not repeated. */
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/;

/** Null where the value is known or absent. */
export function unknownCode(
  field: string,
  value: string | null,
  known: ReadonlySet<string>,
): UnknownValue | null {
  if (value === null || known.has(value)) return null;
  return { field, value: CODE.test(value) ? value : '(not a code)' };
}

/** The members of an object that are not listed, as values of the list of its fields. */
export function unknownFields(
  object: Readonly<Record<string, unknown>>,
  path: string,
  known: ReadonlySet<string>,
): readonly UnknownValue[] {
  return Object.keys(object)
    .filter((name) => !known.has(name))
    .map((name) => ({ field: `${path}.*`, value: CODE.test(name) ? name : '(not a name)' }));
}

/** One entry per field and value, with how often it is among those given. Pure. */
export function countUnknown(values: readonly UnknownValue[]): readonly (UnknownValue & { count: number })[] {
  const counts = new Map<string, UnknownValue & { count: number }>();
  for (const { field, value } of values) {
    const name = `${field}\n${value}`;
    counts.set(name, { field, value, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/**
 * What becomes of the counts when some more were seen, and which of them are worth a word: one that is new, and one
 * that has been seen twice as often as when it was last told of. So a value that stands in every order is told of a
 * few times, not once per order. Pure.
 */
export function tellUnknown(
  seenNow: readonly (UnknownValue & { readonly count: number })[],
  before: readonly UnknownCount[],
): { readonly counts: readonly UnknownCount[]; readonly tell: readonly UnknownCount[] } {
  const counts = seenNow.map(({ field, value, count }) => {
    const known = before.find((one) => one.field === field && one.value === value);
    const seen = (known?.seen ?? 0) + count;
    const told = known?.told ?? 0;
    return { field, value, seen, told: told === 0 || seen >= 2 * told ? seen : told };
  });
  const toldBefore = (one: UnknownValue) =>
    before.find(({ field, value }) => field === one.field && value === one.value)?.told ?? 0;
  return { counts, tell: counts.filter((one) => one.told !== toldBefore(one)) };
}

export function unknownValueWord(marketplaceId: string, at: Date, one: UnknownCount): UnknownValueWord {
  const { field, value, seen } = one;
  return {
    kind: 'unknown_value',
    outcomeId: `${marketplaceId}:unknown_value:${field}:${value}`,
    marketplaceId,
    at: at.toISOString(),
    field,
    value,
    count: seen,
  };
}
