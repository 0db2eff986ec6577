import type { KlaviyoProblem } from '../klaviyo/klaviyo-errors.ts';

export interface Split<T> {
  /** Named by Klaviyo as wrong; each fails alone. */
  readonly rejected: readonly { readonly item: T; readonly problem: KlaviyoProblem }[];
  /** Named as repeats: perhaps stored already, so they go on by the single route. */
  readonly repeated: readonly T[];
  /** Requests to make again, without the ones above. */
  readonly again: readonly (readonly T[])[];
}

const entryPointer = /^\/data\/attributes\/events-bulk-create\/data\/(\d+)(\/|$)/;

/**
 * What to do after a bulk request was refused: nothing of it was stored. The entries that Klaviyo names fail, the
 * others go again. When it names none, the request is halved until the culprit is alone.
 */
export function splitRejected<T>(items: readonly T[], problems: readonly KlaviyoProblem[]): Split<T> {
  const named = new Map<number, KlaviyoProblem>();
  for (const problem of problems) {
    const index = indexOf(problem);
    // The first problem of an entry stands for it; one that is no repeat weighs more.
    const known = index === undefined || index >= items.length ? undefined : (named.get(index) ?? problem);
    if (index !== undefined && known !== undefined) named.set(index, isRepeat(known) ? problem : known);
  }
  if (named.size === 0) return halve(items, problems);
  const rejected: { item: T; problem: KlaviyoProblem }[] = [];
  const repeated: T[] = [];
  const rest: T[] = [];
  items.forEach((item, index) => {
    const problem = named.get(index);
    if (problem === undefined) rest.push(item);
    else if (isRepeat(problem)) repeated.push(item);
    else rejected.push({ item, problem });
  });
  return { rejected, repeated, again: rest.length === 0 ? [] : [rest] };
}

function halve<T>(items: readonly T[], problems: readonly KlaviyoProblem[]): Split<T> {
  const [only] = items;
  if (items.length <= 1 && only !== undefined) {
    const problem = problems[0] ?? {
      code: 'unknown',
      detail: 'Klaviyo gave no reason',
      pointer: null,
      duplicateProfileId: null,
    };
    return isRepeat(problem)
      ? { rejected: [], repeated: [only], again: [] }
      : { rejected: [{ item: only, problem }], repeated: [], again: [] };
  }
  const middle = Math.ceil(items.length / 2);
  return { rejected: [], repeated: [], again: [items.slice(0, middle), items.slice(middle)] };
}

function indexOf({ pointer }: KlaviyoProblem): number | undefined {
  const digits = pointer === null ? undefined : entryPointer.exec(pointer)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A repeated id is no fault of the event: Klaviyo has it, or has it twice in the request. */
function isRepeat({ pointer }: KlaviyoProblem): boolean {
  return pointer?.endsWith('/unique_id') === true;
}
