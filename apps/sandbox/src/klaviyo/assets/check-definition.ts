import { isJsonArray, isJsonObject, memberAt, type Json } from '../../http/json.ts';
import { invalidAt, type KlaviyoProblem } from '../klaviyo-errors.ts';

const pointer = '/data/attributes/definition';

/** Operators and kind of value that a filter of a type takes; operators on dates take fields of their own. */
const operators: Readonly<Record<string, readonly string[]>> = {
  string: [
    'contains',
    'ends-with',
    'equals',
    'not-contains',
    'not-ends-with',
    'not-equals',
    'not-starts-with',
    'starts-with',
    'in',
    'not-in',
  ],
  numeric: [
    'equals',
    'greater-than',
    'greater-than-or-equal',
    'less-than',
    'less-than-or-equal',
    'not-equals',
  ],
  boolean: ['equals'],
  date: ['after', 'before', 'at-least', 'in-the-last', 'in-the-next', 'between', 'between-static'],
  list: ['contains', 'not-contains', 'length-equals', 'length-greater-than', 'length-less-than'],
  existence: ['is-set', 'not-set'],
};

const relativeDates = ['at-least', 'in-the-last', 'in-the-next'];
const units = ['day', 'hour', 'week'];

/**
 * Everything that is wrong with a segment's definition: groups are joined by AND, the conditions inside a group by OR.
 * Conditions on properties and on email consent are played; others are refused, and the refusal says so.
 * Source: schema `SegmentDefinition` of Klaviyo's OpenAPI document, revision 2026-07-15.
 */
export function definitionProblems(definition: Json | undefined): readonly KlaviyoProblem[] {
  const groups = memberAt(definition, 'condition_groups');
  if (!isJsonArray(groups) || groups.length === 0) {
    return [invalidAt(`${pointer}/condition_groups`, 'A list of condition groups is required.')];
  }
  return groups.flatMap((group, index) => {
    const at = `${pointer}/condition_groups/${index}/conditions`;
    const conditions = memberAt(group, 'conditions');
    if (!isJsonArray(conditions) || conditions.length === 0)
      return [invalidAt(at, 'Conditions are required.')];
    return conditions.flatMap((condition, place) => conditionProblems(condition, `${at}/${place}`));
  });
}

function conditionProblems(condition: Json, at: string): readonly KlaviyoProblem[] {
  if (!isJsonObject(condition)) return [invalidAt(at, 'A condition is an object.')];
  switch (condition['type']) {
    case 'profile-property': {
      const property = condition['property'];
      const isNamed = typeof property === 'string' && /^(?:[a-z_]+|properties\['.+'\])$/.test(property);
      return [
        ...(isNamed ? [] : [invalidAt(`${at}/property`, "Use a known name or the form properties['name'].")]),
        ...filterProblems(condition['filter'], `${at}/filter`),
      ];
    }
    case 'profile-marketing-consent':
      return memberAt(condition, 'consent', 'channel') === 'email' &&
        typeof memberAt(condition, 'consent', 'can_receive_marketing') === 'boolean' &&
        typeof memberAt(condition, 'consent', 'consent_status', 'subscription') === 'string'
        ? []
        : [invalidAt(`${at}/consent`, 'The consent is not one that the sandbox plays.')];
    default:
      return [invalidAt(`${at}/type`, 'The sandbox plays no conditions of this type.')];
  }
}

function filterProblems(filter: Json | undefined, at: string): readonly KlaviyoProblem[] {
  const type = memberAt(filter, 'type');
  const operator = memberAt(filter, 'operator');
  const known = typeof type === 'string' ? operators[type] : undefined;
  if (known === undefined) return [invalidAt(`${at}/type`, 'The type of the filter is not known.')];
  if (typeof operator !== 'string' || !known.includes(operator)) {
    return [invalidAt(`${at}/operator`, `The operator must be one of: ${known.join(', ')}.`)];
  }
  return valueProblems(String(type), operator, filter, at);
}

function valueProblems(
  type: string,
  operator: string,
  filter: Json | undefined,
  at: string,
): readonly KlaviyoProblem[] {
  const value = memberAt(filter, 'value');
  const wrong = (member: string, detail: string): readonly KlaviyoProblem[] => [
    invalidAt(`${at}/${member}`, detail),
  ];
  if (type === 'numeric' && typeof value !== 'number') return wrong('value', 'A number is required.');
  if (type === 'boolean' && typeof value !== 'boolean') return wrong('value', 'True or false is required.');
  if (type === 'string' && operator.endsWith('in') !== isJsonArray(value))
    return wrong('value', 'The value does not fit the operator.');
  if (type === 'list' && value === undefined) return wrong('value', 'A value is required.');
  if (type === 'date' && relativeDates.includes(operator)) {
    if (!units.includes(String(memberAt(filter, 'unit'))))
      return wrong('unit', `The unit must be one of: ${units.join(', ')}.`);
    const quantity = memberAt(filter, 'quantity');
    if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1)
      return wrong('quantity', 'A whole number is required.');
  }
  return [];
}
