import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLooseMetrics } from './find-loose-metrics.ts';

test('finds a metric outside the typed lists', () => {
  const text =
    "import { Counter } from 'prom-client';\nconst x = new Counter({ name: 'x_total', help: 'x' });";
  assert.equal(findLooseMetrics([{ path: 'apps/a/src/loose.ts', text }]).length, 1);
  assert.deepEqual(findLooseMetrics([{ path: 'apps/a/src/a.metrics.ts', text }]), []);
  assert.deepEqual(
    findLooseMetrics([{ path: 'apps/a/src/b.ts', text: "import { register } from 'prom-client';" }]),
    [],
  );
});
