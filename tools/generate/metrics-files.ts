import { kafkaMetricDefinitions } from '@watertight/kafka';
import { type MetricDefinition, serviceMetricDefinitions } from '@watertight/service';
import type { GeneratedFiles } from './contract-files.ts';
import type { AppLists } from './load-lists.ts';

/** The page of every metric, from the typed lists. */
export function metricsFiles(apps: readonly AppLists[]): GeneratedFiles {
  const lines = [
    '# Metrics',
    '',
    'Generated from the typed lists (`*.metrics.ts`). Every service answers `GET /metrics` in the Prometheus text format.',
    'No label holds personal data or one value per order. Beside these, every service exports the `nodejs_…` and',
    "`process_…` metrics of prom-client's default set, among them `nodejs_eventloop_lag_p99_seconds`,",
    '`process_resident_memory_bytes` and `process_cpu_seconds_total`.',
    '',
    '## Every service',
    '',
    ...table(serviceMetricDefinitions),
    '',
    '## Every service that uses Kafka',
    '',
    ...table(kafkaMetricDefinitions),
    ...apps
      .filter(({ metrics }) => metrics.length > 0)
      .flatMap(({ app, metrics }) => ['', `## ${app}`, '', ...table(metrics)]),
    '',
  ];
  return new Map([['docs/generated/metrics.md', lines.join('\n')]]);
}

function table(metrics: readonly MetricDefinition[]): string[] {
  return [
    '| name | type | labels | meaning |',
    '|---|---|---|---|',
    ...metrics.map(
      ({ name, kind, labels, help }) =>
        `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ') || '—'} | ${help} |`,
    ),
  ];
}
