import { badRequest } from '../http/api-error.ts';
import type { Action } from './act-on-exceptions.ts';

const LIVING = ['open', 'assigned', 'snoozed', 'accepted'];
const ACTIVE = ['open', 'assigned'];
const YEAR_MS = 366 * 24 * 60 * 60 * 1000;

/** What each button of the desk does. Pure. */

export function assigning(assignee: string | null): Action {
  return {
    what: assignee === null ? 'unassigned' : 'assigned',
    change: { state: 'by assignee', assignee },
    why: null,
    allowedIn: ACTIVE,
    detail: { assignee },
  };
}

export function accepting(why: string): Action {
  return { what: 'accepted', change: { state: 'accepted', acceptedWhy: why }, why, allowedIn: ACTIVE };
}

export function resolving(why: string, who: string, now: Date): Action {
  const change: Action['change'] = {
    state: 'resolved',
    resolvedAt: now.toISOString(),
    resolvedBy: who,
    snoozedUntil: null,
    acceptedWhy: null,
  };
  return { what: 'resolved', change, why, allowedIn: LIVING };
}

/** Throws ApiError (400) for a time that is past, more than a year away, or does not exist. */
export function snoozing(until: string, why: string | null, now: Date): Action {
  const wakes = new Date(until);
  const ms = wakes.getTime() - now.getTime();
  if (Number.isNaN(ms) || ms <= 0 || ms > YEAR_MS) {
    throw badRequest('until must be a time to come, at most a year away');
  }
  const snoozedUntil = wakes.toISOString();
  return {
    what: 'snoozed',
    change: { state: 'snoozed', snoozedUntil },
    why,
    allowedIn: ACTIVE,
    detail: { until: snoozedUntil },
  };
}

export function reopening(why: string | null): Action {
  return {
    what: 'reopened',
    change: {
      state: 'by assignee',
      acceptedWhy: null,
      snoozedUntil: null,
      resolvedAt: null,
      resolvedBy: null,
    },
    why,
    allowedIn: ['snoozed', 'accepted', 'resolved'],
  };
}
