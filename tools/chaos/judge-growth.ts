/** How large everything was at one moment of a soak. */
export interface SoakSample {
  /** Since the soak began. */
  readonly atMs: number;
  /** Orders that the doubles of Mirakl hold. */
  readonly orders: number;
  /** By process: which one it was, for a killed one has a successor, and its memory in MB. */
  readonly processes: Readonly<Record<string, { readonly pid: number; readonly mb: number }>>;
  /** By what is kept on disk, in bytes; what could not be asked just then is missing. */
  readonly stored: Readonly<Record<string, number>>;
}

/** How much a process may need more at the end than in the middle of its life, in MB. */
export interface GrowthLimits {
  readonly processes: Readonly<Record<string, number>>;
  /** What is kept on disk and must be seen. */
  readonly stored: readonly string[];
  /** What a new order may take on disk at the end, over what one took before. */
  readonly storedPerOrder: number;
}

/** A life with fewer samples says nothing about growth. */
export const LIFE_SAMPLES_MIN = 6;
/** Smaller growth than this is files that are written in blocks. */
const STORED_NOISE_BYTES = 4_000_000;

/**
 * Judges the sizes of a soak; a sentence for each that is not as it must be. Pure. Memory has to be flat: the last third
 * of each process's longest life against the third before it, the first being warm-up. What is kept on disk grows with
 * the orders and has to grow with nothing else: an order of the last third takes no more than one of the third before.
 */
export function judgeGrowth(samples: readonly SoakSample[], limits: GrowthLimits): readonly string[] {
  return [
    ...Object.entries(limits.processes).flatMap(([name, limitMb]) => judgeMemory(name, limitMb, samples)),
    ...limits.stored.flatMap((name) => judgeStored(name, limits.storedPerOrder, samples)),
  ];
}

function judgeMemory(name: string, limitMb: number, samples: readonly SoakSample[]): string[] {
  const longest = longestLife(name, samples);
  if (longest.length < LIFE_SAMPLES_MIN)
    return [`${name} lived through ${longest.length} samples at most: its growth cannot be judged`];
  const { middle, last } = thirdsOf(longest);
  const [before, after] = [median(middle), median(last)];
  if (after - before <= limitMb) return [];
  return [`${name} grew from ${Math.round(before)} to ${Math.round(after)} MB; ${limitMb} MB are allowed`];
}

/** The memory of the one process of that name that was seen most often. */
function longestLife(name: string, samples: readonly SoakSample[]): readonly number[] {
  const lives = new Map<number, number[]>();
  for (const { processes } of samples) {
    const one = processes[name];
    if (one !== undefined) lives.set(one.pid, [...(lives.get(one.pid) ?? []), one.mb]);
  }
  return [...lives.values()].reduce<readonly number[]>(
    (longest, life) => (life.length > longest.length ? life : longest),
    [],
  );
}

function judgeStored(name: string, limit: number, samples: readonly SoakSample[]): string[] {
  const seen = samples.flatMap(({ orders, stored }) => {
    const bytes = stored[name];
    return bytes === undefined ? [] : [{ orders, bytes }];
  });
  const [first, second, end] = [1 / 3, 2 / 3, 1].map((share) => seen[Math.round(share * seen.length) - 1]);
  if (seen.length < LIFE_SAMPLES_MIN || first === undefined || second === undefined || end === undefined)
    return [`${name} was seen in ${seen.length} samples only: its growth cannot be judged`];
  const before = { bytes: second.bytes - first.bytes, orders: second.orders - first.orders };
  const after = { bytes: end.bytes - second.bytes, orders: end.orders - second.orders };
  if (after.bytes <= STORED_NOISE_BYTES) return [];
  if (before.orders <= 0 || after.orders <= 0)
    return [`${name} grew by ${after.bytes} bytes, and no order explains it`];
  const [each, eachLater] = [before.bytes / before.orders, after.bytes / after.orders];
  if (eachLater <= limit * Math.max(each, 1)) return [];
  return [
    `${name}: a new order took ${Math.round(each)} bytes and later ${Math.round(eachLater)}; at most ${limit} times as much is allowed`,
  ];
}

function thirdsOf(values: readonly number[]): { middle: readonly number[]; last: readonly number[] } {
  const third = Math.floor(values.length / 3);
  return { middle: values.slice(-2 * third, -third), last: values.slice(-third) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
