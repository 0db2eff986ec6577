import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';

import { defineMetrics } from './metrics.ts';

describe('defineMetrics', () => {
  it('makes typed metrics and keeps their definitions for the documentation', async () => {
    const registry = new Registry();
    const { metrics, definitions } = defineMetrics(
      ({ counter, gauge, histogram }) => ({
        outcomes: counter('watertight_outcomes_total', 'Outcomes published.', ['stage']),
        lag: gauge('watertight_lag_seconds', 'Age of the oldest record.'),
        step: histogram('watertight_step_seconds', 'Time a step takes.', [0.1, 1], ['step']),
      }),
      registry,
    );
    metrics.outcomes.inc({ stage: 'mapper' });
    metrics.lag.set(3);
    metrics.step.observe({ step: 'map' }, 0.5);
    // @ts-expect-error a label that is not in the list does not compile
    expect(() => metrics.outcomes.inc({ stag: 'mapper' })).toThrow();
    expect(await registry.metrics()).toContain('watertight_outcomes_total{stage="mapper"} 1');
    expect(definitions.map(({ kind, name, labels }) => [kind, name, labels])).toEqual([
      ['counter', 'watertight_outcomes_total', ['stage']],
      ['gauge', 'watertight_lag_seconds', []],
      ['histogram', 'watertight_step_seconds', ['step']],
    ]);
  });

  it.each([
    ['outcomes_total', [], /start with watertight_/],
    ['watertight_Outcomes_total', [], /snake_case/],
    ['watertight_outcomes', [], /end in _total/],
    ['watertight_sent_total', ['email'], /must not have the label email/],
    ['watertight_sent_total', ['order_key'], /must not have the label order_key/],
  ])('refuses the counter %s with the labels %j', (name, labels, message) => {
    const define = () => defineMetrics(({ counter }) => ({ it: counter(name, 'x', labels) }), new Registry());
    expect(define).toThrow(message);
  });

  it('refuses a gauge that is named like a counter', () => {
    const define = () =>
      defineMetrics(({ gauge }) => ({ it: gauge('watertight_x_total', 'x') }), new Registry());
    expect(define).toThrow(/counters, and only they/);
  });
});
