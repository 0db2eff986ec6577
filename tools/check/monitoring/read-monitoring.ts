import { kafkaMetricDefinitions } from '@watertight/kafka';
import { serviceMetricDefinitions } from '@watertight/service';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { loadAppLists } from '../../generate/load-lists.ts';
import type { MonitoringTexts } from './find-monitoring-problems.ts';

const root = join(import.meta.dirname, '../../..');

export const rulesFile = join(root, 'monitoring/rules/watertight.yml');
export const ruleTestsFile = join(root, 'monitoring/tests/watertight.test.yml');

/** The committed rules, dashboards and runbooks. */
export function readMonitoring(): MonitoringTexts {
  const dashboards = join(root, 'k8s/components/monitoring/dashboards');
  const runbooks = join(root, 'docs/runbooks');
  return {
    rules: readFileSync(rulesFile, 'utf8'),
    ruleTests: readFileSync(ruleTestsFile, 'utf8'),
    dashboards: Object.fromEntries(
      readdirSync(dashboards).map((name) => [name, readFileSync(join(dashboards, name), 'utf8')]),
    ),
    runbooks: existsSync(runbooks) ? readdirSync(runbooks).map((name) => `docs/runbooks/${name}`) : [],
  };
}

/** The names of every metric that some service exports, and `up`, which Prometheus makes. */
export async function exportedMetrics(): Promise<ReadonlySet<string>> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const apps = await loadAppLists();
  return new Set([
    'up',
    ...registry.getMetricsAsArray().map(({ name }) => name),
    ...[...serviceMetricDefinitions, ...kafkaMetricDefinitions].map(({ name }) => name),
    ...apps.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
  ]);
}
