import { defineMetrics } from '@watertight/service';

const POLL_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** Everything that mirakl-ingest measures. */
export const { metrics: ingestMetrics, definitions: ingestMetricDefinitions } = defineMetrics(
  ({ counter, gauge, histogram }) => ({
    calls: counter('watertight_ingest_calls_total', 'Calls to a marketplace, by how they ended.', [
      'marketplace',
      'result',
    ]),
    polls: counter('watertight_ingest_polls_total', 'Polls of a marketplace, by how they ended.', [
      'marketplace',
      'result',
    ]),
    pollSeconds: histogram(
      'watertight_ingest_poll_duration_seconds',
      'Time from the start of a scan to its moved watermark.',
      POLL_SECONDS,
      ['marketplace'],
    ),
    ordersSeen: counter('watertight_ingest_orders_seen_total', 'Orders read, changed or not.', [
      'marketplace',
      'source',
    ]),
    facts: counter('watertight_ingest_facts_total', 'Facts published because they are new or have changed.', [
      'marketplace',
      'kind',
    ]),
    slowSteps: counter(
      'watertight_ingest_slow_steps_total',
      'Steps of sweeps, returns and backfills between two polls, by how they ended.',
      ['marketplace', 'step', 'result'],
    ),
    backfillOrders: counter(
      'watertight_ingest_backfill_orders_total',
      'Orders that backfills have read, by export or by listing.',
      ['marketplace', 'route'],
    ),
    missedByPoll: counter(
      'watertight_ingest_missed_by_poll_total',
      'Changes that the sweep found although the fast loop had passed them.',
      ['marketplace'],
    ),
    watermark: gauge(
      'watertight_ingest_watermark_timestamp_seconds',
      'Time before which every change of the marketplace has been published, in seconds since 1970.',
      ['marketplace'],
    ),
    failuresInARow: gauge(
      'watertight_ingest_poll_failures_in_a_row',
      'Polls that failed since the last good one.',
      ['marketplace'],
    ),
    leased: gauge('watertight_ingest_marketplace_leased', '1 while this replica polls the marketplace.', [
      'marketplace',
    ]),
    unfinishedRefunds: gauge(
      'watertight_ingest_unfinished_refunds',
      'Orders with a refund that is not paid back yet: they are asked for again until it is.',
      ['marketplace'],
    ),
  }),
);
