import type { Capacity } from './simulate-day.ts';

/**
 * What one replica does on two cores that it shares with the broker, the database and the doubles, as the benchmarks
 * measured it (docs/scale.md says which and when), and what the vendors allow.
 */
export const measured: Capacity = {
  ingestFactsPerSecond: 1_000,
  mapperEventsPerSecond: 2_500,
  writerEventsPerSecond: 5_000,
  monitorWordsPerSecond: 4_000,
  // 150 bulk requests of 1,000 events a minute.
  quotaEventsPerSecond: 2_500,
  databaseBytesPerOrder: 12_000,
  // Recommended by Mirakl for a seller's own integration; a partner may ask once in 15 minutes.
  pollIntervalSeconds: 300,
  ordersPerPage: 100,
  callSeconds: 0.5,
  pollersPerIngest: 300,
};
