import { defineMetrics } from '@watertight/service';

export const { metrics: mapperMetrics, definitions: mapperMetricDefinitions } = defineMetrics(
  ({ counter }) => ({
    outcomes: counter('watertight_mapper_outcomes_total', 'Words published on orders and their refunds.', [
      'outcome',
      'reason',
    ]),
    events: counter('watertight_mapper_buyer_events_total', 'Buyer events published, repeats included.', [
      'type',
    ]),
    profiles: counter(
      'watertight_mapper_profiles_total',
      'Buyer profiles published, repeats and tombstones included.',
    ),
  }),
);
