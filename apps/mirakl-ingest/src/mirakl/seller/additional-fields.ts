import type { OrderFact } from '@watertight/contracts';
import { readList, readObject, readText } from '../lenient-readers.ts';

type AdditionalField = OrderFact['additionalFields'][number];

/**
 * The operator's free fields, sorted by code so that another order in the answer is not another content. A field of
 * several values keeps its list; OBSERVED booleans come as the text "false".
 */
export function readAdditionalFields(value: unknown): AdditionalField[] {
  return readList(value)
    .map(readObject)
    .flatMap((field) => {
      const code = readText(field['code'], 500);
      if (code === null) return [];
      return [{ code, type: readText(field['type'], 100), value: readFieldValue(field['value']) }];
    })
    .sort((one, other) => (one.code < other.code ? -1 : Number(one.code > other.code)));
}

function readFieldValue(value: unknown): AdditionalField['value'] {
  if (Array.isArray(value)) return value.map(readSingleValue).filter((single) => single !== null);
  return readSingleValue(value);
}

function readSingleValue(value: unknown): string | null {
  return typeof value === 'boolean' ? String(value) : readText(value);
}
