import { invalidParameter } from './klaviyo-errors.ts';

/** One condition of a filter: `equals(metric_id,"abc")`. */
export interface FilterTerm {
  readonly operator: string;
  readonly field: string;
  readonly values: readonly string[];
  readonly isList: boolean;
}

/** Operators that each field of an endpoint knows. */
export type FilterRules = Readonly<Record<string, readonly string[]>>;

/**
 * Reads a filter: terms joined by commas or wrapped in `and(…)`. Throws `KlaviyoRefusal` (400) on a form, a field or
 * an operator that the endpoint does not know.
 */
export function parseFilter(text: string | undefined, rules: FilterRules): readonly FilterTerm[] {
  if (text === undefined || text === '') return [];
  const terms = splitOutside(text).flatMap(parseTerm);
  for (const { field, operator } of terms) {
    const operators = rules[field];
    if (!operators) throw refused(`'${field}' is not a filterable field`);
    if (!operators.includes(operator))
      throw refused(`'${operator}' is not an allowed operator for '${field}'`);
  }
  return terms;
}

function parseTerm(text: string): readonly FilterTerm[] {
  const match = /^\s*([a-z-]+)\((.*)\)\s*$/s.exec(text);
  const [, operator, inner] = match ?? [];
  if (operator === undefined || inner === undefined) throw refused('it cannot be parsed');
  if (operator === 'and') return splitOutside(inner).flatMap(parseTerm);
  const [field = '', ...rest] = splitOutside(inner);
  const literal = rest.join(',').trim();
  if (operator === 'has') return [{ operator, field: field.trim(), values: [], isList: false }];
  if (literal === '') throw refused('a value is missing');
  const isList = literal.startsWith('[');
  const values = isList ? splitOutside(literal.slice(1, -1)).map(unquote) : [unquote(literal)];
  return [{ operator, field: field.trim(), values, isList }];
}

/** Splits at commas that are in no quotes, brackets or parentheses. */
function splitOutside(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  if (depth !== 0 || quote !== '') throw refused('it is not balanced');
  return [...parts, text.slice(start)];
}

function unquote(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  if ((quote !== '"' && quote !== "'") || !trimmed.endsWith(quote) || trimmed.length < 2) return trimmed;
  return trimmed.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}

function refused(detail: string): ReturnType<typeof invalidParameter> {
  return invalidParameter('filter', `Invalid filter provided: ${detail}.`);
}
