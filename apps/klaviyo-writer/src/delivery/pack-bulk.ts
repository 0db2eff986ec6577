/** Klaviyo takes at most this many events in a bulk request. */
export const BULK_MAX_EVENTS = 1_000;
/** Klaviyo takes at most 5 MB; the margin is for how sizes are estimated (see bulkBytes). */
export const BULK_MAX_BYTES = 4_600_000;

export interface Packable {
  /** (metric, unique_id) as one text. */
  readonly key: string;
  readonly bytes: number;
}

/**
 * The first of the queue that fit into one request, and what stays. An event whose (metric, unique_id) is in the
 * request already stays: a repeat would have the whole request refused. The profile plays no part in it, because an
 * id is sent once whoever it is for.
 */
export function packBulk<T extends Packable>(
  queue: readonly T[],
): { readonly load: T[]; readonly rest: T[] } {
  const load: T[] = [];
  const rest: T[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  let full = false;
  for (const item of queue) {
    const fits = load.length < BULK_MAX_EVENTS && (bytes + item.bytes <= BULK_MAX_BYTES || load.length === 0);
    // Once something did not fit nothing overtakes it, or a large event would wait for ever.
    if (!fits) full = true;
    if (full || keys.has(item.key)) {
      rest.push(item);
    } else {
      keys.add(item.key);
      bytes += item.bytes;
      load.push(item);
    }
  }
  return { load, rest };
}
