import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mutated, mutatedText } from './mutations.ts';
import { runFuzz } from './run-fuzz.ts';
import { soundOrder } from './sound-order.ts';
import { fuzzTargets } from './targets.ts';

for (const target of fuzzTargets) {
  test(`${target.name}: nothing crashes and everything has an outcome`, async () => {
    const { failure, inputs } = await runFuzz(target, 1_000, 20_261_124);
    assert.equal(failure, null);
    assert.equal(inputs, 1_000);
  });
}

test('finds a reader that trusts a field', async () => {
  const naive = fc.property(mutated(soundOrder), (order) => {
    const lines: unknown = Reflect.get(Object(order), 'order_lines');
    if (!Array.isArray(lines)) throw new TypeError('order_lines is not iterable');
  });
  const { failure } = await runFuzz({ name: 'naive', property: naive }, 1_000, 1);
  assert.match(failure ?? '', /order_lines is not iterable/);
});

test('finds a reader that does not look at half a text', async () => {
  const naive = fc.property(mutatedText('{"orders":[]}'), (text) => void JSON.parse(text));
  const { failure } = await runFuzz({ name: 'naive', property: naive }, 1_000, 1);
  assert.match(failure ?? '', /SyntaxError|JSON/);
});
