import type { ExceptionFilter } from './exceptions.api.ts';

/** Which exceptions a filter means, as conditions on `exception_case c` with numbered parameters. */
export interface CaseSelection {
  readonly where: string;
  readonly parameters: readonly unknown[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** From how many days of age on a column of the grid counts, and up to how many. */
export const AGE_DAYS = {
  under_1d: [0, 1],
  '1d_3d': [1, 3],
  '3d_7d': [3, 7],
  '7d_30d': [7, 30],
  over_30d: [30, Infinity],
} as const;

/** Pure. `me` is who asks. Times are held against `now`. */
export function chooseCases(filter: ExceptionFilter, me: string, now: Date): CaseSelection {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const add = (value: unknown, condition: (parameter: string) => string) => {
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  const { state = 'active', assignee, due, age } = filter;
  if (state === 'active') conditions.push(`c.state in ('open', 'assigned')`);
  else if (state !== 'all') add(state, (p) => `c.state = ${p}`);
  if (filter.reason !== undefined) add(filter.reason, (p) => `c.reason = ${p}`);
  if (filter.marketplace !== undefined) add(filter.marketplace, (p) => `c.marketplace_id = ${p}`);
  if (filter.owner !== undefined) add(filter.owner, (p) => `c.owner = ${p}`);
  if (filter.order !== undefined) add(filter.order, (p) => `c.order_key = ${p}`);
  if (filter.reopened !== undefined) conditions.push('c.occurrences > 1');
  if (assignee === 'nobody') conditions.push('c.assignee is null');
  else if (assignee !== undefined) add(assignee === 'me' ? me : assignee, (p) => `c.assignee = ${p}`);
  if (due !== undefined) add(dueBefore(due, now), (p) => `c.due_at <= ${p}::timestamptz`);
  if (age !== undefined) {
    const [from, to] = AGE_DAYS[age];
    add(daysBefore(now, from), (p) => `c.since <= ${p}::timestamptz`);
    if (to !== Infinity) add(daysBefore(now, to), (p) => `c.since > ${p}::timestamptz`);
  }
  return { where: conditions.length === 0 ? 'true' : conditions.join(' and '), parameters };
}

export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY_MS).toISOString();
}

/** `today` and `week` end with the day in UTC. */
function dueBefore(due: NonNullable<ExceptionFilter['due']>, now: Date): string {
  if (due === 'overdue') return now.toISOString();
  const days = due === 'today' ? 1 : 7;
  const midnight = Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00.000Z`);
  return new Date(midnight + days * DAY_MS - 1).toISOString();
}
