/** Mirakl takes ranges of at most a year for an export; a day less keeps clear of leap years and of rounding. */
const SLICE_MAX_MS = 364 * 24 * 60 * 60_000;

export interface Slice {
  readonly since: Date;
  /** Both ends belong to it; the next one begins a second later, since creation dates have whole seconds. */
  readonly until: Date;
}

/** The span in slices that one export can hold, oldest first. None when there is no time in it. Pure. */
export function planSlices(since: Date, until: Date): readonly Slice[] {
  const slices: Slice[] = [];
  const end = Math.floor(until.getTime() / 1_000) * 1_000;
  for (let from = since.getTime(); from <= end;) {
    const to = Math.min(from + SLICE_MAX_MS, end);
    slices.push({ since: new Date(from), until: new Date(to) });
    from = to + 1_000;
  }
  return slices;
}
