import type { EventPage, EventQuery } from '../klaviyo/klaviyo-client.ts';
import { ledgerKey } from '../klaviyo/klaviyo-event.ts';

/** An event that Klaviyo should have. */
export interface Wanted {
  readonly metric: string;
  readonly uniqueId: string;
  readonly occurredAt: Date;
}

export interface ReadBackPort {
  /** Klaviyo's ids of the metrics that it knows, by name. */
  idsOf(metrics: readonly string[]): Promise<ReadonlyMap<string, string>>;
  page(query: EventQuery): Promise<EventPage>;
}

export interface ReadBackResult {
  /** Ledger keys of the events that Klaviyo showed. */
  readonly found: ReadonlySet<string>;
  /** Ledger keys of those whose place in time was read, found or not. The others were not reached. */
  readonly looked: ReadonlySet<string>;
}

/**
 * Looks for events by reading their metrics in the order of time. Klaviyo has no filter by unique id, so whole pages
 * are read; where nothing is wanted for a while, reading jumps ahead. A page of a thousand answers for everything
 * wanted in its time, so dense history costs a page per thousand events and a lone event costs one page.
 * Reads at most `pagesMax` pages.
 */
export async function readBack(
  wanted: readonly Wanted[],
  port: ReadBackPort,
  pagesMax: number,
): Promise<ReadBackResult> {
  const found = new Set<string>();
  const looked = new Set<string>();
  let pagesLeft = pagesMax;
  const metrics = Map.groupBy(wanted, ({ metric }) => metric);
  const ids = await port.idsOf([...metrics.keys()]);
  for (const [metric, events] of metrics) {
    if (pagesLeft <= 0) break;
    const metricId = ids.get(metric);
    if (metricId === undefined) {
      // No metric: Klaviyo shows none of its events, which is an answer.
      for (const event of events) looked.add(ledgerKey(event));
      continue;
    }
    pagesLeft -= await readMetric(metricId, events, { found, looked, port, pagesMax: pagesLeft });
  }
  return { found, looked };
}

interface Reading {
  readonly found: Set<string>;
  readonly looked: Set<string>;
  readonly port: ReadBackPort;
  readonly pagesMax: number;
}

/** Reads one metric; returns how many pages that took. */
async function readMetric(metricId: string, events: readonly Wanted[], reading: Reading): Promise<number> {
  const open = [...events].sort((one, other) => secondsOf(one) - secondsOf(other));
  const keys = new Map(open.map((event) => [event.uniqueId, ledgerKey(event)]));
  const toSeconds = secondsOf(open.at(-1));
  let cursor: string | null = null;
  let fromSeconds = secondsOf(open[0]);
  let next = 0;
  let pages = 0;
  while (next < open.length && pages < reading.pagesMax) {
    const page: EventPage = await reading.port.page({ metricId, fromSeconds, toSeconds, cursor });
    pages += 1;
    for (const { uniqueId } of page.events) {
      const key = uniqueId === null ? undefined : keys.get(uniqueId);
      if (key !== undefined) reading.found.add(key);
    }
    // Events of the page's last second may go on on the next page.
    const readToSeconds = page.cursor === null ? Infinity : (page.events.at(-1)?.atSeconds ?? Infinity);
    for (; next < open.length && secondsOf(open[next]) < readToSeconds; next += 1) {
      const event = open[next];
      if (event !== undefined) reading.looked.add(ledgerKey(event));
    }
    const ahead = open[next];
    if (ahead === undefined) break;
    const jumps = secondsOf(ahead) > readToSeconds;
    cursor = jumps ? null : page.cursor;
    if (jumps) fromSeconds = secondsOf(ahead);
  }
  return pages;
}

/** Klaviyo cuts times off to the second. */
function secondsOf(event: Wanted | undefined): number {
  return Math.floor((event?.occurredAt.getTime() ?? 0) / 1_000);
}
