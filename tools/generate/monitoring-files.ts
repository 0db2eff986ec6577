import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { GeneratedFiles } from './contract-files.ts';

/** The rules of monitoring/rules as the Prometheus operator takes them. */
export function monitoringFiles(root: string): GeneratedFiles {
  const rules: unknown = parse(readFileSync(join(root, 'monitoring/rules/watertight.yml'), 'utf8'));
  const resource = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'watertight', labels: { 'app.kubernetes.io/part-of': 'watertight' } },
    spec: rules,
  };
  return new Map([
    [
      'k8s/components/monitoring/prometheus-rule.yaml',
      `# Generated from monitoring/rules: npm run generate\n${stringify(resource, { lineWidth: 0 })}`,
    ],
  ]);
}
