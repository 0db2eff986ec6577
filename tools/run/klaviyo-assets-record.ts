import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Failure } from '../stack/failure.ts';
import type { RecordedIds } from './klaviyo-assets-plan.ts';

const shape = Compile(Type.Record(Type.String(), Type.Record(Type.String(), Type.String())));

function readAll(file: string): Record<string, Record<string, string>> {
  if (!existsSync(file)) return {};
  try {
    return shape.Parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Failure(`${file} is no record of ids: ${cause}`);
  }
}

/** Ids of what was made in an account. Throws a Failure when the file is there and cannot be read. */
export function readRecordedIds(file: string, accountId: string): RecordedIds {
  return readAll(file)[accountId] ?? {};
}

/** Adds one id; the file is whole at every instant. */
export function recordId(file: string, accountId: string, key: string, id: string): void {
  const all = readAll(file);
  const changed = { ...all, [accountId]: { ...all[accountId], [key]: id } };
  writeFileSync(`${file}.new`, `${JSON.stringify(changed, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
