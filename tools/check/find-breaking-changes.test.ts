import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBreakingChanges } from './find-breaking-changes.ts';

const published = {
  type: 'object',
  required: ['id', 'kind'],
  properties: {
    id: { type: 'string', maxLength: 10, description: 'An id' },
    kind: { enum: ['a', 'b'] },
    title: { type: 'string' },
    amount: { anyOf: [{ type: 'number' }, { type: 'null' }] },
  },
};

test('allows a new optional field and a better description', () => {
  const current = structuredClone(published);
  Object.assign(current.properties, { note: { type: 'string' } });
  current.properties.id.description = 'The id';
  assert.deepEqual(findBreakingChanges(published, current), []);
});

const planted: [string, (schema: typeof published) => void, string][] = [
  [
    'a new required field',
    (s) => {
      Object.assign(s.properties, { note: { type: 'string' } });
      s.required.push('note');
    },
    '/: note has become required',
  ],
  [
    'a required field that may be missing',
    (s) => {
      s.required.pop();
    },
    '/: kind may now be missing',
  ],
  [
    'a removed field',
    (s) => {
      Reflect.deleteProperty(s.properties, 'title');
    },
    '/properties/title: was removed',
  ],
  [
    'a narrowed length',
    (s) => {
      s.properties.id.maxLength = 5;
    },
    '/properties/id/maxLength: was 10, is 5',
  ],
  [
    'a narrowed enumeration',
    (s) => {
      s.properties.kind.enum.pop();
    },
    '/properties/kind/enum: had 2 entries, has 1',
  ],
  [
    'another type',
    (s) => {
      s.properties.title.type = 'number';
    },
    '/properties/title/type: was "string", is "number"',
  ],
  [
    'a type that may no longer be null',
    (s) => {
      s.properties.amount.anyOf.pop();
    },
    '/properties/amount/anyOf: had 2 entries, has 1',
  ],
  [
    'a new rule',
    (s) => {
      Object.assign(s.properties.title, { pattern: '^x' });
    },
    '/properties/title/pattern: a new rule',
  ],
];

for (const [name, plant, expected] of planted) {
  test(`finds ${name}`, () => {
    const current = structuredClone(published);
    plant(current);
    assert.deepEqual(findBreakingChanges(published, current), [expected]);
  });
}
