import type { BuyerProfile } from '@watertight/contracts';
import type { JsonObject, JsonValue, KlaviyoProfile } from './klaviyo-event.ts';
import { CUT_FIRST, LISTS_CUT_PROPERTY, PROFILE_PROPERTIES } from './profile-properties.ts';

/** Klaviyo takes profiles of at most 100 KB; the rest is room for what other integrations have put there. */
export const PROFILE_PROPERTIES_MAX_BYTES = 60_000;

/**
 * The profile to send inside an event. What we do not know is left out, never sent as null: null would clear what
 * another integration has written. A phone number is sent only where the policy allows it and no other buyer has it
 * (`phoneForKlaviyo`): households share phones, and Klaviyo merges profiles by them.
 */
export function buildProfile(email: string, profile: BuyerProfile): KlaviyoProfile {
  const location = withoutNulls({
    city: profile.city,
    region: profile.region,
    country: profile.country,
    zip: profile.postalCode,
  });
  return {
    email,
    ...withoutNulls({
      firstName: profile.firstName,
      lastName: profile.lastName,
      locale: profile.locale,
      phoneNumber: profile.phoneForKlaviyo ?? null,
    }),
    ...(Object.keys(location).length === 0 ? {} : { location }),
    properties: profileProperties(profile),
  };
}

function profileProperties(profile: BuyerProfile): JsonObject {
  const all = PROFILE_PROPERTIES.map(({ name, read }): [string, JsonValue] => [name, read(profile)]);
  // Mapped attributes come first, so that none can replace a property that segments rely on.
  return fitProperties({
    ...profile.attributes,
    ...Object.fromEntries(all.filter(([, value]) => value !== null)),
  });
}

/**
 * Leaves out the oldest entries of lists until the properties fit, as few as it takes, and says so in a property. One
 * list after the other: those of CUT_FIRST, then mapped ones, the largest first.
 */
export function fitProperties(properties: JsonObject, maxBytes = PROFILE_PROPERTIES_MAX_BYTES): JsonObject {
  const tooMuch = bytesOf(properties) - maxBytes;
  if (tooMuch <= 0) return properties;
  const fitted: Record<string, JsonValue> = { ...properties, [LISTS_CUT_PROPERTY]: true };
  let excess = tooMuch + bytesOf({ [LISTS_CUT_PROPERTY]: true });
  for (const [name, list] of inCuttingOrder(properties)) {
    if (excess <= 0) break;
    const kept = [...list];
    // Lists are newest first, so the oldest are at the end.
    while (excess > 0 && kept.length > 0) excess -= bytesOf(kept.pop() ?? null) + COMMA_BYTES;
    fitted[name] = kept;
  }
  return fitted;
}

const COMMA_BYTES = 1;

function inCuttingOrder(properties: JsonObject): readonly (readonly [string, readonly JsonValue[]])[] {
  const rank = (name: string): number => {
    const place = CUT_FIRST.indexOf(name);
    return place < 0 ? CUT_FIRST.length : place;
  };
  return Object.entries(properties)
    .filter((entry): entry is [string, readonly JsonValue[]] => Array.isArray(entry[1]))
    .sort(
      ([one, oneList], [other, otherList]) =>
        rank(one) - rank(other) || bytesOf(otherList) - bytesOf(oneList),
    );
}

function bytesOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function withoutNulls<T extends Readonly<Record<string, string | null>>>(
  fields: T,
): { readonly [K in keyof T]?: string } {
  const present: { [K in keyof T]?: string } = {};
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') present[name] = value;
  }
  return present;
}
