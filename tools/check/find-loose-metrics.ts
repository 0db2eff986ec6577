import type { SourceFile } from './measure-structure.ts';

const metricFiles = /(?:\.metrics|-metrics)\.ts$|^libs\/service\/src\/metrics\.ts$/;
const makesMetric =
  /new (?:Counter|Gauge|Histogram|Summary)\b|import \{[^}]*\b(?:Counter|Gauge|Histogram|Summary)\b[^}]*\} from 'prom-client'/;

/** Metrics that are made outside the typed lists: they would be missing in docs/generated/metrics.md. */
export function findLooseMetrics(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, text }) => !metricFiles.test(path) && makesMetric.test(text))
    .map(({ path }) => `${path}: makes a metric; put it into the typed list of a *.metrics.ts`);
}
