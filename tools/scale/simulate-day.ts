/** What is to be carried. */
export interface Demand {
  readonly marketplaces: number;
  readonly ordersPerDay: number;
  /** Busiest minute over the mean one. */
  readonly peakFactor: number;
  /** How often an order changes at Mirakl on the day that it is placed and after, each a fact. */
  readonly changesPerOrder: number;
  /** Buyer events of an order over its life. */
  readonly buyerEventsPerOrder: number;
  /** Klaviyo events of an order over its life: its lines count too. */
  readonly klaviyoEventsPerOrder: number;
}

/** What one replica, one account and one row cost: see docs/scale.md for where each figure was measured. */
export interface Capacity {
  /** Facts a second that one mirakl-ingest reads and publishes. */
  readonly ingestFactsPerSecond: number;
  readonly mapperEventsPerSecond: number;
  /** What one klaviyo-writer does without a quota. */
  readonly writerEventsPerSecond: number;
  /** Facts and outcomes a second that one leakage-monitor folds. */
  readonly monitorWordsPerSecond: number;
  /** Of one Klaviyo account, by the bulk route. */
  readonly quotaEventsPerSecond: number;
  /** Bytes that all schemas keep for one order. */
  readonly databaseBytesPerOrder: number;
  readonly pollIntervalSeconds: number;
  readonly ordersPerPage: number;
  /** Mean time of one call of Mirakl. */
  readonly callSeconds: number;
  /** Pollers that one mirakl-ingest can run side by side. */
  readonly pollersPerIngest: number;
}

export interface DayResult {
  readonly replicas: {
    readonly ingest: number;
    readonly mapper: number;
    readonly writer: number;
    readonly monitor: number;
  };
  /** Partitions that let each group scale to its replicas. */
  readonly partitions: number;
  readonly miraklCallsPerSecond: number;
  /** Share of the account's quota used on average and in the busiest minute. */
  readonly quotaShare: { readonly mean: number; readonly peak: number };
  /** Klaviyo events that wait at the worst minute, and how old the oldest is. */
  readonly backlog: { readonly events: number; readonly seconds: number };
  readonly database: { readonly gigabytesPerYear: number; readonly rowsWrittenPerSecond: number };
}

const MINUTES = 1_440;
/** Eight in the evening. */
const PEAK_MINUTE = 1_200;
/** Rows that the four schemas write for one fact on its way: facts, sums, ledger, timeline. */
const ROWS_PER_FACT = 6;
/** Replicas are planned so that the busiest minute uses this much of them. */
const PLANNED_LOAD = 0.7;

/**
 * A day in minutes: orders arrive by a curve with one peak; each stage takes what it can; what is over waits. Pure
 * arithmetic, so that anyone can put in their own figures.
 */
export function simulateDay(demand: Demand, capacity: Capacity): DayResult {
  const meanOrders = demand.ordersPerDay / 86_400;
  const peakOrders = meanOrders * demand.peakFactor;
  const peakFacts = peakOrders * demand.changesPerOrder;
  const replicasFor = (perSecond: number, each: number): number =>
    Math.max(1, Math.ceil(perSecond / (each * PLANNED_LOAD)));
  const pages = Math.max(
    1,
    Math.ceil((peakFacts * capacity.pollIntervalSeconds) / demand.marketplaces / capacity.ordersPerPage),
  );
  const calls = (demand.marketplaces * pages) / capacity.pollIntervalSeconds;
  const replicas = {
    ingest: Math.max(
      replicasFor(peakFacts, capacity.ingestFactsPerSecond),
      Math.ceil(demand.marketplaces / capacity.pollersPerIngest),
      Math.ceil(calls * capacity.callSeconds),
    ),
    mapper: replicasFor(peakOrders * demand.buyerEventsPerOrder, capacity.mapperEventsPerSecond),
    writer: replicasFor(
      Math.min(peakOrders * demand.klaviyoEventsPerOrder, capacity.quotaEventsPerSecond),
      capacity.writerEventsPerSecond,
    ),
    monitor: replicasFor(peakFacts * 3, capacity.monitorWordsPerSecond),
  };
  const backlog = backlogOf(demand, capacity.quotaEventsPerSecond);
  return {
    replicas,
    partitions: nextOf(
      [6, 12, 24, 48, 96, 192],
      2 * Math.max(replicas.mapper, replicas.writer, replicas.monitor),
    ),
    miraklCallsPerSecond: calls,
    quotaShare: {
      mean: (meanOrders * demand.klaviyoEventsPerOrder) / capacity.quotaEventsPerSecond,
      peak: (peakOrders * demand.klaviyoEventsPerOrder) / capacity.quotaEventsPerSecond,
    },
    backlog,
    database: {
      gigabytesPerYear: (demand.ordersPerDay * 365 * capacity.databaseBytesPerOrder) / 1e9,
      rowsWrittenPerSecond: peakFacts * ROWS_PER_FACT,
    },
  };
}

/** What waits at Klaviyo's limit over two days, so that a peak that is not worked off by midnight is seen. */
function backlogOf(demand: Demand, quota: number): DayResult['backlog'] {
  const day = ordersByMinute(demand);
  let waiting = 0;
  let worst = 0;
  for (const orders of [...day, ...day]) {
    const arriving = orders * demand.klaviyoEventsPerOrder;
    waiting = Math.max(0, waiting + arriving - quota * 60);
    worst = Math.max(worst, waiting);
  }
  return { events: Math.round(worst), seconds: Math.round(worst / quota) };
}

/** A day's curve: its mean is the day's mean, its highest minute the peak factor times that. */
export function ordersByMinute({ ordersPerDay, peakFactor }: Demand): readonly number[] {
  // A power of a raised cosine; the power is chosen so that peak over mean is the factor.
  const power = powerFor(peakFactor);
  return Array.from(
    { length: MINUTES },
    (_, minute) => (ordersPerDay / MINUTES) * peakFactor * raisedCosine(minute - PEAK_MINUTE) ** power,
  );
}

function raisedCosine(minute: number): number {
  return (1 + Math.cos((2 * Math.PI * minute) / MINUTES)) / 2;
}

/** The higher the power, the sharper the peak; the one that fits is found by halving. */
function powerFor(peakFactor: number): number {
  const meanOf = (power: number): number => {
    let sum = 0;
    for (let minute = 0; minute < MINUTES; minute += 1) sum += raisedCosine(minute) ** power;
    return sum / MINUTES;
  };
  let [low, high] = [0, 10_000];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (1 / meanOf(middle) < peakFactor) low = middle;
    else high = middle;
  }
  return low;
}

function nextOf(sizes: readonly number[], wanted: number): number {
  return sizes.find((size) => size >= wanted) ?? Math.ceil(wanted / 96) * 96;
}
