import { isJsonObject, parseJson, type JsonObject } from '../http/json.ts';
import type { MetricName, StoredEvent, StoredProfile } from './stored.ts';

/** `https://…/api`, without a slash at the end: what all links begin with. */
export type ApiUrl = string;

/** Id of an event as the API shows it; derived, so that it takes no memory. */
export function eventIdOf(event: StoredEvent): string {
  return `3x${event.number.toString(36).padStart(9, '0')}`;
}

export function renderEvent(
  event: StoredEvent,
  api: ApiUrl,
  fields: ReadonlySet<string> | undefined,
): JsonObject {
  const id = eventIdOf(event);
  const self = `${api}/events/${id}`;
  const attributes: JsonObject = {
    timestamp: event.seconds,
    event_properties: wants(fields, 'event_properties') ? eventProperties(event) : undefined,
    datetime: klaviyoDate(event.seconds * 1000),
    uuid: uuidOf(event),
  };
  const shown = Object.entries(attributes).filter(([name]) => wants(fields, name));
  return {
    type: 'event',
    id,
    attributes: Object.fromEntries(shown),
    relationships: {
      profile: relationship('profile', event.profile.id, `${self}`),
      metric: relationship('metric', event.metric.id, `${self}`),
    },
    links: { self: `${self}/` },
  };
}

function wants(fields: ReadonlySet<string> | undefined, name: string): boolean {
  return fields === undefined || fields.has(name);
}

/** The id and the amount of a stored event are found among its properties, under names with a dollar sign. */
function eventProperties(event: StoredEvent): JsonObject {
  const properties = parseJson(event.properties);
  return {
    ...(isJsonObject(properties) ? properties : {}),
    $event_id: event.uniqueId ?? String(event.seconds),
    ...(event.value === null ? {} : { $value: event.value }),
    ...(event.currency === null ? {} : { $value_currency: event.currency }),
  };
}

function relationship(type: string, id: string, owner: string): JsonObject {
  return {
    data: { type, id },
    links: { self: `${owner}/relationships/${type}/`, related: `${owner}/${type}/` },
  };
}

/** The form of a version 1 UUID, as Klaviyo shows: the time first. */
function uuidOf(event: StoredEvent): string {
  const time = event.seconds.toString(16).padStart(8, '0');
  const number = event.number.toString(16).padStart(12, '0');
  return `${time}-0000-1000-8001-${number}`;
}

/** `2026-11-23T10:00:00+00:00`: whole seconds with an offset. */
export function klaviyoDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

export function categoryOf(integration: string): string {
  return integration === 'API' ? 'API' : 'eCommerce';
}

export function renderMetric(metric: MetricName, api: ApiUrl): JsonObject {
  const { integration = 'API' } = metric;
  const self = `${api}/metrics/${metric.id}/`;
  return {
    type: 'metric',
    id: metric.id,
    attributes: {
      name: metric.name,
      created: klaviyoDate(metric.createdMs),
      updated: klaviyoDate(metric.createdMs),
      integration: {
        object: 'integration',
        id: integration === 'API' ? '0eMvjm' : integration.slice(0, 6),
        key: integration.toLowerCase(),
        name: integration,
        category: categoryOf(integration),
        image_url: null,
      },
    },
    relationships: {
      'flow-triggers': {
        links: { self: `${self}relationships/flow-triggers/`, related: `${self}flow-triggers/` },
      },
    },
    links: { self },
  };
}

export function renderProfile(profile: StoredProfile, api: ApiUrl, withSubscriptions: boolean): JsonObject {
  const self = `${api}/profiles/${profile.id}/`;
  const { attributes } = profile;
  return {
    type: 'profile',
    id: profile.id,
    attributes: {
      email: profile.email,
      phone_number: profile.phone,
      external_id: profile.externalId,
      first_name: attributes['first_name'] ?? null,
      last_name: attributes['last_name'] ?? null,
      organization: attributes['organization'] ?? null,
      locale: attributes['locale'] ?? null,
      title: attributes['title'] ?? null,
      image: attributes['image'] ?? null,
      created: klaviyoDate(profile.createdMs),
      updated: klaviyoDate(profile.updatedMs),
      last_event_date: profile.lastEventMs === null ? null : klaviyoDate(profile.lastEventMs),
      location: renderLocation(attributes['location']),
      properties: profile.properties,
      subscriptions: withSubscriptions ? renderSubscriptions(profile) : undefined,
    },
    relationships: {
      lists: { links: { self: `${self}relationships/lists/`, related: `${self}lists/` } },
      segments: { links: { self: `${self}relationships/segments/`, related: `${self}segments/` } },
    },
    links: { self },
  };
}

function renderLocation(location: JsonObject[string]): JsonObject {
  const empty = {
    address1: null,
    address2: null,
    city: null,
    country: null,
    latitude: null,
    longitude: null,
  };
  const rest = { region: null, zip: null, timezone: null, ip: null };
  return { ...empty, ...rest, ...(isJsonObject(location) ? location : {}) };
}

/** Never subscribed is still mailable at Klaviyo: only a suppression takes that away. */
function renderSubscriptions(profile: StoredProfile): JsonObject {
  const consentedAt = profile.consentMs === null ? null : klaviyoDate(profile.consentMs);
  const suppression = profile.suppressions.map(({ reason, timestampMs }) => ({
    reason,
    timestamp: klaviyoDate(timestampMs),
  }));
  const email = {
    can_receive_email_marketing: profile.email !== null && suppression.length === 0,
    consent: profile.consent,
    consent_timestamp: consentedAt,
    last_updated: consentedAt,
    method: profile.consent === 'NEVER_SUBSCRIBED' ? null : 'API',
    method_detail: null,
    custom_method_detail: null,
    double_optin: null,
    suppression,
    list_suppressions: [],
  };
  const silent = { can_receive_sms_marketing: false, consent: 'NEVER_SUBSCRIBED', consent_timestamp: null };
  return { email: { marketing: email }, sms: { marketing: silent } };
}
