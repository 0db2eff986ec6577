import { defineMetrics } from '@watertight/service';

/** Everything that leakage-monitor measures. Money is for charts and alerts: the exact amounts are in the API. */
export const { metrics: monitorMetrics, definitions: monitorMetricDefinitions } = defineMetrics(
  ({ counter, gauge }) => ({
    orders: gauge('watertight_balance_orders', 'Orders of a marketplace in a bucket, at the settled cut.', [
      'marketplace',
      'bucket',
    ]),
    money: gauge(
      'watertight_balance_money',
      'Amount of the orders of a marketplace in a bucket, in units of the currency, at the settled cut.',
      ['marketplace', 'bucket', 'currency'],
    ),
    sourceOrders: gauge('watertight_balance_source_orders', 'Orders that Mirakl itself counts.', [
      'marketplace',
    ]),
    differenceOrders: gauge(
      'watertight_balance_difference_orders',
      'Orders that Mirakl counts less those in the buckets: anything but 0 is a gap that nobody has explained.',
      ['marketplace'],
    ),
    differenceMoney: gauge(
      'watertight_balance_difference_money',
      'The same in money, in units of the currency.',
      ['marketplace', 'currency'],
    ),
    leakOrders: gauge('watertight_leak_orders', 'Orders that are not verified, by bucket and reason.', [
      'marketplace',
      'bucket',
      'reason',
    ]),
    settled: gauge(
      'watertight_balance_settled',
      '1 while the balance of the marketplace is stated at a settled cut.',
      ['marketplace'],
    ),
    cutTimestamp: gauge(
      'watertight_balance_cut_timestamp_seconds',
      'The settled cut that the balance holds for, in seconds since 1970.',
      ['marketplace'],
    ),
    reads: counter(
      'watertight_balance_reads_total',
      'Times that these figures were taken, by how it ended.',
      ['result'],
    ),
  }),
);
