import type { BuyerProfile } from '@watertight/contracts';
import type { JsonObject, JsonValue, KlaviyoProfile } from './klaviyo-event.ts';
import { LISTS_CUT_PROPERTY, PROFILE_PROPERTIES } from './profile-properties.ts';

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

/** Cuts lists to their newest half, the largest list first, until the properties fit, and says so in a property. */
export function fitProperties(properties: JsonObject, maxBytes = PROFILE_PROPERTIES_MAX_BYTES): JsonObject {
  let fitted = properties;
  while (bytesOf(fitted) > maxBytes) {
    const largest = Object.entries(fitted)
      .filter(
        (entry): entry is [string, readonly JsonValue[]] => Array.isArray(entry[1]) && entry[1].length > 0,
      )
      .sort(([, one], [, other]) => bytesOf(other) - bytesOf(one))[0];
    if (largest === undefined) return fitted;
    const [name, list] = largest;
    // Lists are newest first, so the oldest are at the end.
    fitted = { ...fitted, [name]: list.slice(0, Math.floor(list.length / 2)), [LISTS_CUT_PROPERTY]: true };
  }
  return fitted;
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
