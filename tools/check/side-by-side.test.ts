import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALL_TOPICS } from '@watertight/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaOf } from '../generate/contract-files.ts';

// Two versions run side by side during a rollout. The last published schemas stand for the version before: what one
// writes, the other must take.

const contracts = join(import.meta.dirname, '../../libs/contracts');
const ajv = new Ajv2020({ strict: false, validateFormats: false });

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function compile(schema: unknown): ReturnType<Ajv2020['compile']> {
  assert.ok(typeof schema === 'object' && schema !== null);
  // Both versions of a schema have the same id.
  return ajv.compile({ ...schema, $id: undefined });
}

function examplesOf(topic: string): Map<string, unknown> {
  const folder = join(contracts, 'examples/valid', topic);
  return new Map(readdirSync(folder).map((name) => [name, readJson(join(folder, name))]));
}

for (const topic of ALL_TOPICS) {
  test(`${topic.name}: the version before takes what this one writes, and this one what lies there`, () => {
    const published = compile(readJson(join(contracts, 'published', `${topic.name}.json`)));
    const current = compile(JSON.parse(JSON.stringify(schemaOf(topic))));
    const examples = examplesOf(topic.name);
    assert.ok(examples.size > 0);
    for (const [name, value] of examples) {
      assert.ok(published(value), `the version before refuses ${name}: ${ajv.errorsText(published.errors)}`);
      assert.ok(current(value), `this version refuses ${name}: ${ajv.errorsText(current.errors)}`);
    }
  });

  test(`${topic.name}: a field that a later version adds does not stop this one`, () => {
    const current = compile(JSON.parse(JSON.stringify(schemaOf(topic))));
    for (const [name, value] of examplesOf(topic.name)) {
      assert.ok(typeof value === 'object' && value !== null);
      const later = { ...value, addedByALaterVersion: true };
      assert.ok(current(later), `${name}: ${ajv.errorsText(current.errors)}`);
    }
  });
}

test('would find a field that became required', () => {
  const [topic] = ALL_TOPICS;
  assert.ok(topic !== undefined);
  const schema = schemaOf(topic);
  const required: unknown = schema['required'];
  assert.ok(Array.isArray(required));
  const stricter = compile({ ...schema, required: [...required, 'newAndRequired'] });
  const [first] = examplesOf(topic.name).values();
  assert.equal(stricter(first), false);
});
