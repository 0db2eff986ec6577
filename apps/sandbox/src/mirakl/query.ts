import { parseMiraklDate } from './mirakl-dates.ts';
import { MiraklRefusal } from './mirakl-errors.ts';

/** Query parameters as they came: one that is repeated is a list. */
export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Query parameters with one text each. */
export type Query = Readonly<Record<string, string | undefined>>;

/** Each parameter as one text; a repeated one as a comma list. */
export function flatQuery(raw: RawQuery): Query {
  const flat = Object.entries(raw).map(([name, value]) => [
    name,
    typeof value === 'string' || value === undefined ? value : value.join(','),
  ]);
  return Object.fromEntries(flat);
}

/** Values of a parameter that is repeated instead of being a comma list; `undefined` when it is not there. */
export function repeatedValues(raw: RawQuery, name: string): ReadonlySet<string> | undefined {
  const value = raw[name];
  if (value === undefined || value === '') return undefined;
  return new Set(typeof value === 'string' ? [value] : value);
}

/** Throws `MiraklRefusal` (400) when the parameter is there and no date. */
export function dateOf(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const ms = parseMiraklDate(text);
  if (ms === undefined) throw new MiraklRefusal(400, `The parameter ${name} is not a valid date`);
  return ms;
}
