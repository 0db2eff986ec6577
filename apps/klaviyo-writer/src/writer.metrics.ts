import { defineMetrics } from '@watertight/service';

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export const { metrics: writerMetrics, definitions: writerMetricDefinitions } = defineMetrics(
  ({ counter, gauge, histogram }) => ({
    requests: counter(
      'watertight_klaviyo_requests_total',
      'Requests to Klaviyo by route and what came of them.',
      ['route', 'result'],
    ),
    events: counter(
      'watertight_klaviyo_events_total',
      'Klaviyo events sent, by route and what came of them.',
      ['route', 'result'],
    ),
    requestSeconds: histogram('watertight_klaviyo_request_seconds', 'Time from request to answer.', SECONDS, [
      'route',
    ]),
    permits: counter(
      'watertight_klaviyo_permits_total',
      "Requests that this replica took from the account's quota.",
      ['route'],
    ),
    quota: gauge(
      'watertight_klaviyo_quota_requests_per_minute',
      'Requests a minute that the pace allows all replicas together.',
      ['route'],
    ),
    freezes: counter(
      'watertight_klaviyo_freezes_total',
      'Times that Klaviyo answered 429 and the route was frozen for the whole account.',
      ['route'],
    ),
    words: counter('watertight_writer_outcomes_total', 'Buyer events that got a new outcome.', ['outcome']),
    bulkQueue: gauge('watertight_bulk_queue_events', 'Klaviyo events waiting for a bulk request.'),
    toVerify: gauge('watertight_to_verify_events', 'Klaviyo events that are due to be read back.'),
    readBackPages: counter('watertight_read_back_pages_total', 'Pages of events read back from Klaviyo.'),
    upserts: counter('watertight_profile_upserts_total', 'Profiles written outside of events.', ['result']),
    consentsRead: counter('watertight_consents_read_total', 'Buyers whose consent was read from Klaviyo.'),
    phonesDropped: counter(
      'watertight_phones_dropped_total',
      'Answers with which Klaviyo took events without a phone number.',
      ['route'],
    ),
    resends: counter(
      'watertight_resends_total',
      'Events sent again because Klaviyo did not show them in time.',
      ['result'],
    ),
  }),
);
