import { isJsonArray, isJsonObject, memberAt, parseJson, type Json } from '../http/json.ts';
import type { KlaviyoAccount } from './klaviyo-account.ts';
import { invalidAt, KlaviyoRefusal } from './klaviyo-errors.ts';
import type { StoredProfile } from './stored.ts';

/**
 * `POST /api/data-privacy-deletion-jobs`: exactly one of email, phone number or id. The person is gone a little
 * later; events stay with their personal data replaced. Nothing keeps a later event from making the profile anew.
 */
export function eraseProfile(account: KlaviyoAccount, body: Json, nowMs: number): void {
  const data = memberAt(body, 'data', 'attributes', 'profile', 'data');
  const asked = {
    email: memberAt(data, 'attributes', 'email'),
    phone: memberAt(data, 'attributes', 'phone_number'),
    id: memberAt(data, 'id'),
  };
  const given = Object.values(asked).filter((value) => typeof value === 'string' && value !== '');
  if (memberAt(body, 'data', 'type') !== 'data-privacy-deletion-job' || given.length !== 1) {
    const detail = 'Exactly one of email, phone_number or id is required.';
    throw new KlaviyoRefusal(400, [invalidAt('/data/attributes/profile/data', detail)]);
  }
  const text = (value: Json | undefined): string | null =>
    typeof value === 'string' && value !== '' ? value : null;
  const match = account.profiles.match({
    id: text(asked.id),
    email: text(asked.email),
    phone: text(asked.phone),
    externalId: null,
    anonymousId: null,
    exchangeId: null,
  });
  if (match.kind === 'none') return;
  account.later(nowMs, () => erase(account, match.profile));
}

function erase(account: KlaviyoAccount, profile: StoredProfile): void {
  const personal = new Set([profile.email, profile.phone].flatMap((value) => value?.toLowerCase() ?? []));
  for (const event of profile.events) {
    event.properties = JSON.stringify(redacted(parseJson(event.properties), personal));
  }
  account.profiles.erase(profile);
}

const personalKeys = /address|email|phone|first_?name|last_?name/i;

function redacted(value: Json | undefined, personal: ReadonlySet<string>): Json {
  if (typeof value === 'string') return personal.has(value.toLowerCase()) ? 'redacted' : value;
  if (isJsonArray(value)) return value.map((item) => redacted(item, personal));
  if (!isJsonObject(value)) return value ?? null;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    personalKeys.test(key) ? 'redacted' : redacted(member, personal),
  ]);
  return Object.fromEntries(members);
}
