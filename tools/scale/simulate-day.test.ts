import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Capacity, type Demand, ordersByMinute, simulateDay } from './simulate-day.ts';

const demand: Demand = {
  marketplaces: 10,
  ordersPerDay: 864_000,
  peakFactor: 3,
  changesPerOrder: 4,
  buyerEventsPerOrder: 2,
  klaviyoEventsPerOrder: 4,
};
const capacity: Capacity = {
  ingestFactsPerSecond: 1_000,
  mapperEventsPerSecond: 2_500,
  writerEventsPerSecond: 5_000,
  monitorWordsPerSecond: 2_000,
  quotaEventsPerSecond: 2_500,
  databaseBytesPerOrder: 5_000,
  pollIntervalSeconds: 300,
  ordersPerPage: 100,
  callSeconds: 0.5,
  pollersPerIngest: 300,
};

test("a day's curve has the day's orders and its peak", () => {
  const minutes = ordersByMinute(demand);
  const sum = minutes.reduce((total, orders) => total + orders, 0);
  assert.ok(Math.abs(sum / demand.ordersPerDay - 1) < 0.001);
  assert.ok(Math.abs(Math.max(...minutes) / (sum / 1_440) - 3) < 0.01);
});

test('below the quota nothing waits; above it, what is over waits', () => {
  assert.deepEqual(simulateDay(demand, capacity).backlog, { events: 0, seconds: 0 });
  const sale = simulateDay({ ...demand, ordersPerDay: 40 * 864_000 }, capacity);
  assert.ok(sale.quotaShare.peak > 1);
  assert.ok(sale.backlog.events > 0);
});

test('replicas follow the busiest minute with room to spare', () => {
  const { replicas, partitions } = simulateDay({ ...demand, ordersPerDay: 10 * 864_000 }, capacity);
  // 300 orders a second at the peak are 600 buyer events, which one mapper does.
  assert.equal(replicas.mapper, 1);
  // 1,200 facts a second are 12 pages of 100, each a call of half a second.
  assert.equal(replicas.ingest, 6);
  assert.ok(partitions >= 2 * replicas.monitor);
});

test('more marketplaces mean more polls, however few orders they have', () => {
  const few = simulateDay({ ...demand, marketplaces: 1_000, ordersPerDay: 1_000 }, capacity);
  assert.equal(few.miraklCallsPerSecond, 1_000 / 300);
  assert.equal(few.replicas.ingest, 4);
});
