/** Klaviyo takes at most this many events in a bulk request. */
export const BULK_MAX_EVENTS = 1_000;
/** Klaviyo takes at most 5 MB; the margin is for what is around the entries, and for how it may count. */
export const BULK_MAX_BYTES = 4_900_000;

export interface Queued {
  /** (metric, unique_id) as one text. */
  readonly key: string;
}

export interface Written {
  readonly bytes: number;
}

/**
 * The first of the queue that fit into one request, written out, and what stays. An event whose (metric, unique_id) is
 * in the request already stays: a repeat would have the whole request refused. The profile plays no part in it, because
 * an id is sent once whoever it is for. `write` is called for what is taken, and for the first that does not fit.
 */
export function packBulk<T extends Queued, W extends Written>(
  queue: readonly T[],
  write: (item: T) => W,
  eventsMax = BULK_MAX_EVENTS,
): { readonly load: W[]; readonly rest: T[] } {
  const load: W[] = [];
  const rest: T[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  // Once something did not fit nothing overtakes it, or a large event would wait for ever.
  let full = false;
  for (const item of queue) {
    full ||= load.length >= eventsMax;
    if (full || keys.has(item.key)) {
      rest.push(item);
      continue;
    }
    const written = write(item);
    if (load.length > 0 && bytes + written.bytes > BULK_MAX_BYTES) {
      full = true;
      rest.push(item);
      continue;
    }
    keys.add(item.key);
    bytes += written.bytes;
    load.push(written);
  }
  return { load, rest };
}
