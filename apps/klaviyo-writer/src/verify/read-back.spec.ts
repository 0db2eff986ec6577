import { describe, expect, it } from '@jest/globals';
import type { EventPage, EventQuery, StoredEvent } from '../klaviyo/klaviyo-client.ts';
import { ledgerKey } from '../klaviyo/klaviyo-event.ts';
import { readBack, type ReadBackPort, type Wanted } from './read-back.ts';

const START = Date.UTC(2026, 0, 1) / 1_000;

/** Plays Klaviyo's list of events, in pages of `pageSize`. */
class FakeList implements ReadBackPort {
  readonly queries: EventQuery[] = [];

  constructor(
    private readonly stored: readonly StoredEvent[],
    private readonly pageSize: number,
  ) {}

  async idsOf(): Promise<ReadonlyMap<string, string>> {
    return new Map([['Placed Order', 'id']]);
  }

  async page(query: EventQuery): Promise<EventPage> {
    this.queries.push(query);
    const { fromSeconds, toSeconds, cursor } = query;
    const sorted = [...this.stored].sort((one, other) => one.atSeconds - other.atSeconds);
    const inRange = sorted.filter(({ atSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);
    const from = cursor === null ? 0 : Number(cursor);
    const to = from + this.pageSize;
    return { events: inRange.slice(from, to), cursor: to < inRange.length ? String(to) : null };
  }
}

const stored = (id: number, seconds = id): StoredEvent => ({
  uniqueId: `u-${id}`,
  atSeconds: START + seconds,
});
const wanted = (id: number, seconds = id): Wanted => ({
  metric: 'Placed Order',
  uniqueId: `u-${id}`,
  occurredAt: new Date((START + seconds) * 1_000 + 789),
});
const keys = (...ids: number[]) => new Set(ids.map((id) => ledgerKey(wanted(id))));
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('reading events back', () => {
  it('finds what is there and says what it looked for in vain', async () => {
    const list = new FakeList([stored(1), stored(3)], 10);
    const result = await readBack([wanted(1), wanted(2), wanted(3)], list, 10);
    expect(result).toEqual({ found: keys(1, 3), looked: keys(1, 2, 3) });
    expect(list.queries).toHaveLength(1);
  });

  it('reads a dense history page by page', async () => {
    const list = new FakeList(
      range(95).map((id) => stored(id)),
      10,
    );
    const result = await readBack(
      range(95).map((id) => wanted(id)),
      list,
      100,
    );
    expect(result.found.size).toBe(95);
    expect(list.queries.length).toBeLessThanOrEqual(11);
  });

  it('jumps over the time in which nothing is wanted', async () => {
    const list = new FakeList(
      range(10_000).map((id) => stored(id)),
      10,
    );
    const result = await readBack([wanted(5), wanted(9_990)], list, 100);
    expect(result.found).toEqual(keys(5, 9_990));
    expect(list.queries).toHaveLength(2);
  });

  it('goes on over a second that fills more than a page', async () => {
    const list = new FakeList(
      range(35).map((id) => stored(id, 7)),
      10,
    );
    const result = await readBack([wanted(34, 7)], list, 100);
    expect(result.found.size).toBe(1);
  });

  it('does not call an event missing whose second goes on on the next page', async () => {
    const list = new FakeList(
      range(12).map((id) => stored(id, 7)),
      10,
    );
    const result = await readBack([wanted(99, 7)], list, 1);
    expect(result).toEqual({ found: new Set(), looked: new Set() });
  });

  it('stops at its limit of pages and says how far it came', async () => {
    const list = new FakeList(
      range(100).map((id) => stored(id)),
      10,
    );
    const result = await readBack(
      range(100).map((id) => wanted(id)),
      list,
      3,
    );
    expect(list.queries).toHaveLength(3);
    expect(result.looked.size).toBeGreaterThanOrEqual(27);
    expect(result.looked.size).toBeLessThan(31);
  });

  it('ends when nothing is stored at all', async () => {
    const result = await readBack([wanted(1)], new FakeList([], 10), 10);
    expect(result).toEqual({ found: new Set(), looked: keys(1) });
  });

  it('counts an unknown metric as an answer', async () => {
    const lost = { ...wanted(1), metric: 'unknown' };
    const result = await readBack([lost], new FakeList([], 10), 10);
    expect(result).toEqual({ found: new Set(), looked: new Set([ledgerKey(lost)]) });
  });
});
