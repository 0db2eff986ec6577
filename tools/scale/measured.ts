import type { Capacity } from './simulate-day.ts';

/**
 * What one replica does on two cores that it shares with the broker, the database and the doubles. Measured by
 * `npm run bench` on a machine that was busy with other work, so these are low; docs/scale.md says what is assumed.
 */
export const measured: Capacity = {
  // History by the asynchronous export: 1,038 orders a second.
  ingestFactsPerSecond: 1_000,
  // Alone on the machine: 2,344.
  mapperEventsPerSecond: 2_300,
  // Without a quota.
  writerEventsPerSecond: 2_700,
  // 1,100 orders with two outcomes each.
  monitorWordsPerSecond: 3_300,
  // Klaviyo: 150 bulk requests of 1,000 events a minute.
  quotaEventsPerSecond: 2_500,
  // Assumed, not measured.
  databaseBytesPerOrder: 12_000,
  // Recommended by Mirakl for a seller's own integration; a partner may ask once in 15 minutes.
  pollIntervalSeconds: 300,
  ordersPerPage: 100,
  // Assumed, not measured.
  callSeconds: 0.5,
  pollersPerIngest: 300,
};
