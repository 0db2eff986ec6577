import { wanted } from '../address/href.ts';
import type { Filters } from '../address/use-filters.ts';
import type { operations } from '../api/schema.d.ts';

type Query = NonNullable<operations['listExceptions']['parameters']['query']>;
/** Which exceptions are meant: the same words in the list, the grid and in bulk. */
export type ExceptionFilter = Omit<Query, 'cursor' | 'limit'>;

export const EXCEPTION_FILTERS = [
  'view',
  'state',
  'reason',
  'marketplace',
  'owner',
  'assignee',
  'due',
  'age',
  'reopened',
  'order',
] as const;
export type ExceptionFilterName = (typeof EXCEPTION_FILTERS)[number];

const STATES = ['active', 'open', 'assigned', 'snoozed', 'accepted', 'resolved', 'all'] as const;
const OWNERS = ['marketing', 'operations', 'platform'] as const;
const DUE = ['overdue', 'today', 'week'] as const;
const AGES = ['under_1d', '1d_3d', '3d_7d', '7d_30d', 'over_30d'] as const;

/** The filters of the address as the API wants them; a word that it does not know is left out. */
export function filterOf(filters: Filters<ExceptionFilterName>): ExceptionFilter {
  const { reason, marketplace, assignee, order } = filters;
  return {
    ...wanted({ reason, marketplace, assignee, order }),
    ...known('state', STATES, filters.state),
    ...known('owner', OWNERS, filters.owner),
    ...known('due', DUE, filters.due),
    ...known('age', AGES, filters.age),
    ...(filters.reopened === 'true' ? { reopened: 'true' as const } : {}),
  };
}

function known<Name extends string, Word extends string>(
  name: Name,
  words: readonly Word[],
  text: string,
): Partial<Record<Name, Word>> {
  const found: Partial<Record<Name, Word>> = {};
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) found[name] = word;
  return found;
}
