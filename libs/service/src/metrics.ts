import { Counter, Gauge, Histogram, type Registry, register } from 'prom-client';

export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Makes the metrics of a list; each call also notes the definition, from which the documentation is written. */
export interface MetricMaker {
  /** Only grows; its name ends in `_total`. */
  counter<const L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<const L extends string = never>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  /** `buckets` are upper bounds in the unit that ends the name, such as `_seconds`. */
  histogram<const L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
}

/** Labels that would hold personal data, or one value per order: neither belongs in a metric. */
const forbiddenLabels: readonly string[] = [
  'email',
  'phone',
  'order_id',
  'order_key',
  'buyer_id',
  'event_id',
];

/**
 * The typed list of a module's metrics, made once when the module is loaded:
 *
 *     export const { metrics, definitions } = defineMetrics(({ counter }) => ({
 *       outcomes: counter('watertight_outcomes_total', 'Outcomes published.', ['stage', 'outcome']),
 *     }));
 *
 * Throws when a name breaks the naming rules or is taken.
 */
export function defineMetrics<M extends object>(
  build: (make: MetricMaker) => M,
  registry: Registry = register,
): { readonly metrics: M; readonly definitions: readonly MetricDefinition[] } {
  const definitions: MetricDefinition[] = [];
  const registers = [registry];
  const note = (definition: MetricDefinition): void => {
    assertNaming(definition);
    definitions.push(definition);
  };
  const metrics = build({
    counter: (name, help, labels = []) => {
      note({ kind: 'counter', name, help, labels });
      return new Counter({ name, help, labelNames: [...labels], registers });
    },
    gauge: (name, help, labels = []) => {
      note({ kind: 'gauge', name, help, labels });
      return new Gauge({ name, help, labelNames: [...labels], registers });
    },
    histogram: (name, help, buckets, labels = []) => {
      note({ kind: 'histogram', name, help, labels });
      return new Histogram({ name, help, buckets: [...buckets], labelNames: [...labels], registers });
    },
  });
  return { metrics, definitions };
}

function assertNaming({ kind, name, labels }: MetricDefinition): void {
  if (!/^watertight_[a-z][a-z0-9_]*$/.test(name)) {
    throw new Error(`metric "${name}" must be snake_case and start with watertight_`);
  }
  if ((kind === 'counter') !== name.endsWith('_total')) {
    throw new Error(`metric "${name}": counters, and only they, end in _total`);
  }
  const forbidden = labels.find((label) => forbiddenLabels.includes(label));
  if (forbidden !== undefined) throw new Error(`metric "${name}" must not have the label ${forbidden}`);
}
