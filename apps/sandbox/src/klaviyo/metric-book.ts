import { SeededRandom } from '../seeded-random.ts';
import type { MetricName, StoredEvent } from './stored.ts';

/** Earliest first; equal seconds in the order of arrival. */
export function byTime(left: StoredEvent, right: StoredEvent): number {
  return left.seconds - right.seconds || left.number - right.number;
}

/** One metric with its events by time, and the ids that it has seen. */
export class Metric {
  readonly id: string;
  private sorted: StoredEvent[] = [];
  private fresh: StoredEvent[] = [];
  private readonly firstProfile = new Map<string, number>();
  private readonly otherProfiles = new Set<string>();

  constructor(
    readonly name: string,
    readonly createdMs: number,
  ) {
    this.id = new SeededRandom('metric', name).letters(6).toUpperCase();
  }

  get count(): number {
    return this.sorted.length + this.fresh.length;
  }

  add(event: StoredEvent): void {
    this.fresh.push(event);
  }

  /** Sorted lazily: events of a backfill arrive in any order, and reads are few. */
  get events(): readonly StoredEvent[] {
    if (this.fresh.length > 0) {
      this.sorted = mergeByTime(this.sorted, this.fresh.sort(byTime));
      this.fresh = [];
    }
    return this.sorted;
  }

  hasSeen(profileNumber: number, uniqueId: string): boolean {
    const first = this.firstProfile.get(uniqueId);
    return (
      first === profileNumber ||
      (first !== undefined && this.otherProfiles.has(`${profileNumber} ${uniqueId}`))
    );
  }

  /** Remembers an id. `doubled`: the same id was seen for another profile already. */
  see(profileNumber: number, uniqueId: string): { readonly doubled: boolean } {
    if (!this.firstProfile.has(uniqueId)) {
      this.firstProfile.set(uniqueId, profileNumber);
      return { doubled: false };
    }
    this.otherProfiles.add(`${profileNumber} ${uniqueId}`);
    return { doubled: true };
  }
}

function mergeByTime(left: readonly StoredEvent[], right: readonly StoredEvent[]): StoredEvent[] {
  const last = left.at(-1);
  const first = right[0];
  if (!last || !first || byTime(last, first) < 0) return [...left, ...right];
  const merged: StoredEvent[] = [];
  let taken = 0;
  for (const event of left) {
    for (let next = right[taken]; next && byTime(next, event) < 0; next = right[taken]) {
      merged.push(next);
      taken += 1;
    }
    merged.push(event);
  }
  return [...merged, ...right.slice(taken)];
}

/** The account's metrics by name and id. A metric comes into being with its first event; names are case-sensitive. */
export class MetricBook {
  private readonly byName = new Map<string, Metric>();
  private readonly byIdentity = new Map<string, Metric>();
  /** Of other integrations: they may be called like ours, and are metrics of their own. */
  foreign: readonly MetricName[] = [];

  get metrics(): readonly Metric[] {
    return [...this.byName.values()];
  }

  find(id: string): Metric | undefined {
    return this.byIdentity.get(id);
  }

  named(name: string): Metric | undefined {
    return this.byName.get(name);
  }

  addForeign(name: string, integration: string, nowMs: number): void {
    const id = new SeededRandom('metric', `${integration} ${name}`).letters(6).toUpperCase();
    this.foreign = [...this.foreign, { id, name, createdMs: nowMs, integration }];
  }

  obtain(name: string, nowMs: number): Metric {
    const known = this.byName.get(name);
    if (known) return known;
    const metric = new Metric(name, nowMs);
    this.byName.set(name, metric);
    this.byIdentity.set(metric.id, metric);
    return metric;
  }
}
