import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Compile } from 'typebox/compile';
import { ALL_TOPICS } from './topics.ts';

const examples = join(dirname(fileURLToPath(import.meta.url)), '../examples');

function read(kind: 'valid' | 'invalid', topic: string): (readonly [string, unknown])[] {
  const folder = join(examples, kind, topic);
  return readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]);
}

describe.each(ALL_TOPICS.map((topic) => [topic.name, topic] as const))('%s', (name, topic) => {
  const validator = Compile(topic.schema);

  it.each(read('valid', name))('takes %s', (_file, example) => {
    expect(validator.Errors(example)).toEqual([]);
  });

  it.each(read('invalid', name))('refuses %s', (_file, example) => {
    expect(validator.Check(example)).toBe(false);
  });
});
