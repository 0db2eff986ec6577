/** What the brokers say of one partition at one moment. */
export interface PartitionOffsets {
  readonly partition: number;
  /** Offset of the oldest record still there. */
  readonly low: bigint;
  /** Offset that the next record will get. */
  readonly high: bigint;
  /** Offset of the next record for the group; null when it has never committed. */
  readonly committed: bigint | null;
}

export interface PartitionLag {
  readonly partition: number;
  readonly messages: number;
  /** Age of the oldest record not yet dealt with; 0 without lag. */
  readonly seconds: number;
}

/** A record that the consumer has had in hand. */
interface Head {
  readonly offset: bigint;
  readonly timestampMs: number;
}

/** At `atMs` the next record would have got the offset `high`. */
interface Sample {
  readonly atMs: number;
  readonly high: bigint;
}

/** Enough for an hour of looks each 10 s; older ones are thinned out, which only makes the age less exact. */
const SAMPLES_MAX = 360;

/**
 * The lag of one partition, in messages and in time. The age of the oldest unprocessed record is exact when the
 * consumer has had it in hand (which is so while it is tried again, and while its lane is paused). Otherwise it is
 * bounded by the looks so far: a record was written before the first look that saw an offset past it. No I/O in here.
 */
export class LagTracker {
  #head: Head | undefined;
  #samples: Sample[] = [];

  /** The record is the next to be dealt with. */
  noteHead(offset: bigint, timestampMs: number): void {
    this.#head = { offset, timestampMs };
  }

  look(offsets: PartitionOffsets, nowMs: number): PartitionLag {
    const { partition, low, high } = offsets;
    const committed = offsets.committed ?? low;
    // Retention may have removed records that nobody took; they are no longer lag.
    const next = committed < low ? low : committed;
    this.#remember({ atMs: nowMs, high }, next);
    if (next >= high) return { partition, messages: 0, seconds: 0 };
    const writtenMs = this.#writtenMs(next) ?? nowMs;
    return { partition, messages: Number(high - next), seconds: Math.max(0, (nowMs - writtenMs) / 1_000) };
  }

  #writtenMs(next: bigint): number | undefined {
    // Compaction leaves gaps, so the head may lie past the committed offset; nothing is between them.
    if (this.#head !== undefined && this.#head.offset >= next) return this.#head.timestampMs;
    return this.#samples.find(({ high }) => high > next)?.atMs;
  }

  #remember(sample: Sample, next: bigint): void {
    this.#samples = this.#samples.filter(({ high }) => high > next);
    if (sample.high > next && this.#samples.at(-1)?.high !== sample.high) this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_MAX)
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
  }
}
