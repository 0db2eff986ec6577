import { isJsonObject, memberAt, type Json, type JsonObject } from '../http/json.ts';
import type { Identifiers, ProfileDraft } from './event-draft.ts';
import { invalidAt, type KlaviyoProblem } from './klaviyo-errors.ts';

/** In an event, `meta` of the profile sits inside `attributes`; in a bulk entry and in an upsert, beside them. */
export type MetaPlace = 'inside_attributes' | 'beside_attributes';

const plainAttributes = ['first_name', 'last_name', 'organization', 'locale', 'title', 'image'];
const identifierAttributes = ['email', 'phone_number', 'external_id', 'anonymous_id', '_kx'];
const attributeNames = new Set([...plainAttributes, ...identifierAttributes, 'location', 'properties']);
const locationNames = new Set(
  'address1 address2 city country latitude longitude region zip timezone ip'.split(' '),
);

const emailForm = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+\.[^\s@.<>()[\],;:\\"]{2,}$/;
const phoneForm = /^\+[1-9]\d{6,14}$/;
const longestEmail = 254;

/** Reads `{type: "profile", id?, attributes}`. Adds what is wrong to `problems`; `undefined` when it cannot be read. */
export function readProfileData(
  data: Json | undefined,
  pointer: string,
  metaPlace: MetaPlace,
  problems: KlaviyoProblem[],
): ProfileDraft | undefined {
  if (!isJsonObject(data)) {
    problems.push(invalidAt(pointer, "'data' is a required field."));
    return undefined;
  }
  if (data['type'] !== 'profile')
    problems.push(invalidAt(`${pointer}/type`, "The resource type must be 'profile'."));
  const attributes = data['attributes'];
  if (!isJsonObject(attributes)) {
    problems.push(invalidAt(`${pointer}/attributes`, "'attributes' is a required field."));
    return undefined;
  }
  checkAttributes(attributes, `${pointer}/attributes`, metaPlace, problems);
  const meta = metaPlace === 'inside_attributes' ? attributes['meta'] : data['meta'];
  const found = readIdentifiers(data, attributes, pointer, problems);
  const patch = memberAt(meta, 'patch_properties');
  return { ...found, attributes, patch: isJsonObject(patch) ? patch : {} };
}

function checkAttributes(
  attributes: JsonObject,
  pointer: string,
  metaPlace: MetaPlace,
  problems: KlaviyoProblem[],
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'meta' && metaPlace === 'inside_attributes') continue;
    if (!attributeNames.has(name)) {
      problems.push(
        invalidAt(`${pointer}/${name}`, `'${name}' is not a valid field for the resource 'profile'.`),
      );
    } else if (plainAttributes.includes(name) && value !== null && typeof value !== 'string') {
      problems.push(invalidAt(`${pointer}/${name}`, `'${name}' must be a string.`));
    }
  }
  const { location, properties } = attributes;
  if (properties !== undefined && properties !== null && !isJsonObject(properties)) {
    problems.push(invalidAt(`${pointer}/properties`, "'properties' must be an object."));
  }
  if (location === undefined || location === null) return;
  if (!isJsonObject(location)) {
    problems.push(invalidAt(`${pointer}/location`, "'location' must be an object."));
    return;
  }
  for (const name of Object.keys(location)) {
    if (locationNames.has(name)) continue;
    problems.push(invalidAt(`${pointer}/location/${name}`, `'${name}' is not a valid field for 'location'.`));
  }
}

function readIdentifiers(
  data: JsonObject,
  attributes: JsonObject,
  pointer: string,
  problems: KlaviyoProblem[],
): { readonly identifiers: Identifiers; readonly phoneDropped: boolean } {
  const at = `${pointer}/attributes`;
  const read = (name: string): string | null => readText(attributes[name], `${at}/${name}`, name, problems);
  const email = read('email');
  const phone = read('phone_number');
  const others = {
    id: readText(data['id'], `${pointer}/id`, 'id', problems),
    externalId: read('external_id'),
    anonymousId: read('anonymous_id'),
    exchangeId: read('_kx'),
  };
  if (email !== null && (email.length > longestEmail || !emailForm.test(email))) {
    problems.push(invalidAt(`${at}/email`, 'Invalid email address.'));
  }
  const hasOther = email !== null || Object.values(others).some((value) => value !== null);
  const phoneIsValid = phone === null || phoneForm.test(phone);
  if (!phoneIsValid && !hasOther)
    problems.push(invalidAt(`${at}/phone_number`, 'Invalid phone number format.'));
  if (!hasOther && phone === null) {
    problems.push(
      invalidAt(
        at,
        'One of the following identifiers is required: id, email, phone_number, external_id, anonymous_id, _kx.',
      ),
    );
  }
  return {
    identifiers: { ...others, email, phone: phoneIsValid ? phone : null },
    phoneDropped: !phoneIsValid && hasOther,
  };
}

/** A text, or null for absent, null and empty; anything else is a problem. */
function readText(
  value: Json | undefined,
  pointer: string,
  name: string,
  problems: KlaviyoProblem[],
): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  problems.push(invalidAt(pointer, `'${name}' must be a string.`));
  return null;
}
