import type { JsonObject } from '../http/json.ts';
import type { KlaviyoAccount } from './klaviyo-account.ts';
import { invalidParameter, KlaviyoRefusal } from './klaviyo-errors.ts';
import type { Asked } from './list-events.ts';
import { collectionLinks, listParameter, pageSizeOf, readCursor, writeCursor } from './page-cursor.ts';
import { parseFilter, type FilterTerm } from './parse-filter.ts';
import { renderProfile } from './render-resources.ts';
import type { StoredProfile } from './stored.ts';

const oneOrMany = ['equals', 'any'];
const range = ['greater-than', 'less-than'];
const openRange = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];

const rules = {
  id: oneOrMany,
  email: oneOrMany,
  phone_number: oneOrMany,
  external_id: oneOrMany,
  created: range,
  updated: range,
  'subscriptions.email.marketing.suppression.reason': ['equals'],
  'subscriptions.email.marketing.suppression.timestamp': openRange,
};

const sorts = ['created', '-created', 'email', '-email', 'id', '-id', 'updated', '-updated'];

/** `GET /api/profiles`. Throws `KlaviyoRefusal` (400) on a parameter that Klaviyo refuses. */
export function listProfiles(account: KlaviyoAccount, asked: Asked, nowMs: number): JsonObject {
  const { query } = asked;
  const terms = parseFilter(query['filter'], rules);
  const size = pageSizeOf(query, { default: 20, most: 100 });
  const sort = query['sort'] ?? 'created';
  if (!sorts.includes(sort)) throw invalidParameter('sort', `'${sort}' is not one of: ${sorts.join(', ')}.`);
  const withSubscriptions = wantsSubscriptions(asked);
  const [offset = 0] = readCursor(query) ?? [];
  const tests = terms.map(testOf);
  const visible = candidates(account, terms).filter((profile) => isVisible(profile, nowMs));
  const found = visible.filter((profile) => tests.every((test) => test(profile)));
  const sorted = found.sort(comparison(sort));
  const next = sorted.length > offset + size ? writeCursor([offset + size]) : undefined;
  return {
    data: sorted
      .slice(offset, offset + size)
      .map((profile) => renderProfile(profile, asked.api, withSubscriptions)),
    links: { ...collectionLinks(asked, next) },
  };
}

/** `GET /api/profiles/{id}`. Throws `KlaviyoRefusal` (404) when there is no such profile. */
export function getProfile(account: KlaviyoAccount, id: string, asked: Asked, nowMs: number): JsonObject {
  const profile = account.profiles.byId(id);
  if (!profile || !isVisible(profile, nowMs)) {
    const detail = 'A profile with this id does not exist.';
    throw new KlaviyoRefusal(404, [
      { code: 'not_found', title: 'Not found.', detail, source: { parameter: 'id' } },
    ]);
  }
  return { data: renderProfile(profile, asked.api, wantsSubscriptions(asked)) };
}

export function wantsSubscriptions(asked: Asked): boolean {
  const wanted = listParameter(asked.query, 'additional-fields[profile]', [
    'subscriptions',
    'predictive_analytics',
  ]);
  return wanted.has('subscriptions');
}

function isVisible(profile: StoredProfile, nowMs: number): boolean {
  return !profile.erased && profile.visibleMs <= nowMs;
}

/** A filter by address looks the profiles up instead of reading all of them. */
function candidates(account: KlaviyoAccount, terms: readonly FilterTerm[]): StoredProfile[] {
  const byEmail = terms.find((term) => term.field === 'email');
  if (!byEmail) return [...account.profiles.profiles];
  const found = byEmail.values.flatMap((email) => account.profiles.byEmail(email) ?? []);
  return [...new Set(found)];
}

function testOf(term: FilterTerm): (profile: StoredProfile) => boolean {
  const values = new Set(term.values);
  const lowered = new Set(term.values.map((value) => value.toLowerCase()));
  switch (term.field) {
    case 'id':
      return (profile) => values.has(profile.id);
    case 'email':
      return (profile) => profile.email !== null && lowered.has(profile.email.toLowerCase());
    case 'phone_number':
      return (profile) => profile.phone !== null && values.has(profile.phone);
    case 'external_id':
      return (profile) => profile.externalId !== null && values.has(profile.externalId);
    case 'created':
      return (profile) => compares(profile.createdMs, term);
    case 'updated':
      return (profile) => compares(profile.updatedMs, term);
    case 'subscriptions.email.marketing.suppression.reason':
      return (profile) => profile.suppressions.some(({ reason }) => values.has(reason));
    default:
      return (profile) => profile.suppressions.some(({ timestampMs }) => compares(timestampMs, term));
  }
}

function compares(ms: number, term: FilterTerm): boolean {
  const bound = Date.parse(term.values[0] ?? '');
  if (Number.isNaN(bound)) {
    throw invalidParameter('filter', `Invalid filter provided: '${term.field}' has no valid value.`);
  }
  if (term.operator === 'greater-than') return ms > bound;
  if (term.operator === 'greater-or-equal') return ms >= bound;
  return term.operator === 'less-than' ? ms < bound : ms <= bound;
}

function comparison(sort: string): (left: StoredProfile, right: StoredProfile) => number {
  const sign = sort.startsWith('-') ? -1 : 1;
  const field = sort.replace('-', '');
  if (field === 'email') return (left, right) => sign * (left.email ?? '').localeCompare(right.email ?? '');
  if (field === 'id') return (left, right) => sign * left.id.localeCompare(right.id);
  if (field === 'updated') return (left, right) => sign * (left.updatedMs - right.updatedMs);
  return (left, right) => sign * (left.number - right.number);
}
