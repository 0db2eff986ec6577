import { isJsonObject, type Json, type JsonObject } from '../http/json.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { Identifiers, ProfileDraft } from './event-draft.ts';
import { patchProperties } from './patch-properties.ts';
import type { StoredProfile } from './stored.ts';

export type Match =
  | { readonly kind: 'found'; readonly profile: StoredProfile }
  | { readonly kind: 'none' }
  | { readonly kind: 'conflict'; readonly profile: StoredProfile; readonly other: StoredProfile };

const identifierNames = new Set([
  'email',
  'phone_number',
  'external_id',
  'anonymous_id',
  '_kx',
  'properties',
  'meta',
]);

/** All profiles of the account, found by any of their identifiers. Addresses are compared without regard to case. */
export class ProfileBook {
  private readonly all: StoredProfile[] = [];
  private readonly byIdentifier = new Map<string, StoredProfile>();

  get profiles(): readonly StoredProfile[] {
    return this.all;
  }

  byId(id: string): StoredProfile | undefined {
    return this.byIdentifier.get(`id:${id}`);
  }

  byEmail(email: string): StoredProfile | undefined {
    return this.byIdentifier.get(`email:${email.toLowerCase()}`);
  }

  /** The profile that the identifiers name; a conflict when they name two. */
  match(identifiers: Identifiers): Match {
    const found = keysOf(identifiers).flatMap((key) => this.byIdentifier.get(key) ?? []);
    const [profile] = found;
    if (!profile) return { kind: 'none' };
    const other = found.find((candidate) => candidate !== profile);
    return other ? { kind: 'conflict', profile, other } : { kind: 'found', profile };
  }

  create(identifiers: Identifiers, nowMs: number, visibleMs: number): StoredProfile {
    const number = this.all.length + 1;
    const profile: StoredProfile = {
      id: `01${new SeededRandom('profile', number).letters(24).toUpperCase()}`,
      number,
      email: null,
      phone: null,
      externalId: null,
      anonymousId: null,
      attributes: {},
      properties: {},
      createdMs: nowMs,
      updatedMs: nowMs,
      lastEventMs: null,
      visibleMs,
      erased: false,
      consent: 'NEVER_SUBSCRIBED',
      consentMs: null,
      suppressions: [],
      events: [],
    };
    this.all.push(profile);
    this.byIdentifier.set(`id:${profile.id}`, profile);
    this.identify(profile, identifiers);
    return profile;
  }

  /** Writes identifiers onto a profile; one that has an owner already stays with them. */
  identify(profile: StoredProfile, identifiers: Identifiers): void {
    for (const key of keysOf(identifiers)) {
      if (this.byIdentifier.has(key)) continue;
      if (key.startsWith('email:')) this.rename(profile, profile.email, 'email', key);
      if (key.startsWith('email:')) profile.email = identifiers.email;
      if (key.startsWith('phone:')) profile.phone = identifiers.phone;
      if (key.startsWith('external:')) profile.externalId = identifiers.externalId;
      if (key.startsWith('anonymous:')) profile.anonymousId = identifiers.anonymousId;
      this.byIdentifier.set(key, profile);
    }
  }

  /** Applies a payload: null clears, an absent field stays, custom properties merge key by key. */
  update(profile: StoredProfile, draft: ProfileDraft, nowMs: number): void {
    const changes = Object.entries(draft.attributes).filter(([name]) => !identifierNames.has(name));
    if (changes.length > 0) profile.attributes = { ...profile.attributes, ...Object.fromEntries(changes) };
    const properties = draft.attributes['properties'];
    if (isJsonObject(properties)) profile.properties = mergeProperties(profile.properties, properties);
    profile.properties = patchProperties(profile.properties, draft.patch);
    profile.updatedMs = nowMs;
  }

  /** Forgets a person. The shell stays for its events; the address is free for a new profile. */
  erase(profile: StoredProfile): void {
    for (const [key, owner] of this.byIdentifier) {
      if (owner === profile) this.byIdentifier.delete(key);
    }
    profile.erased = true;
    profile.email = null;
    profile.phone = null;
    profile.externalId = null;
    profile.anonymousId = null;
    profile.attributes = {};
    profile.properties = {};
    profile.suppressions = [];
  }

  private rename(profile: StoredProfile, earlier: string | null, kind: string, key: string): void {
    if (earlier === null) return;
    const earlierKey = `${kind}:${earlier.toLowerCase()}`;
    if (earlierKey !== key && this.byIdentifier.get(earlierKey) === profile)
      this.byIdentifier.delete(earlierKey);
  }
}

function keysOf(identifiers: Identifiers): readonly string[] {
  const { id, email, phone, externalId, anonymousId } = identifiers;
  const keys: string[] = [];
  if (id !== null) keys.push(`id:${id}`);
  if (email !== null) keys.push(`email:${email.toLowerCase()}`);
  if (externalId !== null) keys.push(`external:${externalId}`);
  if (phone !== null) keys.push(`phone:${phone}`);
  if (anonymousId !== null) keys.push(`anonymous:${anonymousId}`);
  return keys;
}

/** Null takes a property away. */
function mergeProperties(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...earlier };
  for (const [key, value] of Object.entries(later)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}
