import { defineMetrics } from './metrics.ts';

const STEP_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What every service measures. Rate, errors and duration of each step and of each HTTP route. */
export const { metrics: serviceMetrics, definitions: serviceMetricDefinitions } = defineMetrics(
  ({ gauge, histogram }) => ({
    stepSeconds: histogram(
      'watertight_step_duration_seconds',
      'Time that a step of the flow took, by how it ended: ok, retryable (tried again later) or failed.',
      STEP_SECONDS,
      ['step', 'result'],
    ),
    httpSeconds: histogram(
      'watertight_http_request_duration_seconds',
      'Time from an HTTP request to its answer, by the route (never the address with its parameters).',
      HTTP_SECONDS,
      ['method', 'route', 'status'],
    ),
    ready: gauge(
      'watertight_check_ready',
      '1 while the readiness check of that name passes, 0 while it fails; as it was when readiness was asked last.',
      ['check'],
    ),
  }),
);
