export interface SliceLimits {
  readonly maxMessages: number;
  /** Sum of key and value sizes, in bytes. A single record over it still makes a slice of its own. */
  readonly maxBytes: number;
}

interface Sized {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/**
 * The next records to work on together: those from index `from` up to (not including) the returned index. It is
 * always past `from`, so that a loop over slices ends.
 */
export function sliceEnd(
  records: readonly Sized[],
  from: number,
  { maxMessages, maxBytes }: SliceLimits,
): number {
  let bytes = 0;
  let end = from;
  while (end < records.length && end - from < maxMessages) {
    const record = records[end];
    bytes += (record?.key?.length ?? 0) + (record?.value?.length ?? 0);
    if (bytes > maxBytes && end > from) break;
    end += 1;
  }
  return end;
}
