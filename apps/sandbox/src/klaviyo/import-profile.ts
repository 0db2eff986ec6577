import { memberAt, type Json, type JsonObject } from '../http/json.ts';
import type { ProfileDraft } from './event-draft.ts';
import type { KlaviyoAccount } from './klaviyo-account.ts';
import { invalidAt, KlaviyoRefusal, type KlaviyoProblem } from './klaviyo-errors.ts';
import type { Asked } from './list-events.ts';
import { wantsSubscriptions } from './list-profiles.ts';
import { renderProfile } from './render-resources.ts';
import type { StoredProfile } from './stored.ts';
import { readProfileData } from './validate-profile.ts';

const largestBytes = 100_000;

/**
 * `POST /api/profile-import`: 201 when the profile is new, 200 when it was there. Throws `KlaviyoRefusal`: 400 for a
 * bad payload, 404 for an unknown id, 409 when the identifiers belong to two profiles.
 */
export function importProfile(
  account: KlaviyoAccount,
  request: { readonly body: Json; readonly bytes: number; readonly asked: Asked; readonly nowMs: number },
): { readonly status: 200 | 201; readonly body: JsonObject } {
  const { body, asked, nowMs } = request;
  if (request.bytes > largestBytes) {
    throw new KlaviyoRefusal(400, [invalidAt('/data', 'The payload must not exceed 100 KB.')]);
  }
  const problems: KlaviyoProblem[] = [];
  const draft = readProfileData(memberAt(body, 'data'), '/data', 'beside_attributes', problems);
  if (draft?.phoneDropped) {
    problems.push(invalidAt('/data/attributes/phone_number', 'Invalid phone number format.'));
  }
  if (problems.length > 0 || !draft) throw new KlaviyoRefusal(400, problems);
  const { profile, created } = upsert(account, draft, nowMs);
  return {
    status: created ? 201 : 200,
    body: { data: renderProfile(profile, asked.api, wantsSubscriptions(asked)) },
  };
}

function upsert(
  account: KlaviyoAccount,
  draft: ProfileDraft,
  nowMs: number,
): { readonly profile: StoredProfile; readonly created: boolean } {
  const { identifiers } = draft;
  if (identifiers.id !== null && !account.profiles.byId(identifiers.id)) {
    const detail = 'A profile with this id does not exist.';
    throw new KlaviyoRefusal(404, [
      { code: 'not_found', title: 'Not found.', detail, source: { pointer: '/data/id' } },
    ]);
  }
  const match = account.profiles.match(identifiers);
  if (match.kind === 'conflict') throw duplicate(match.other);
  if (match.kind === 'none') {
    const profile = account.profiles.create(identifiers, nowMs, nowMs);
    account.profiles.update(profile, draft, nowMs);
    return { profile, created: true };
  }
  const { profile } = match;
  // An upsert of a profile that only a pending event has made so far creates it as far as anyone can see.
  const created = profile.visibleMs > nowMs;
  profile.visibleMs = Math.min(profile.visibleMs, nowMs);
  account.profiles.identify(profile, identifiers);
  account.profiles.update(profile, draft, nowMs);
  return { profile, created };
}

function duplicate(other: StoredProfile): KlaviyoRefusal {
  return new KlaviyoRefusal(409, [
    {
      code: 'duplicate_profile',
      title: 'Conflict.',
      detail: 'A profile already exists with one of these identifiers.',
      source: { pointer: '/data/attributes' },
      meta: { duplicate_profile_id: other.id },
    },
  ]);
}
