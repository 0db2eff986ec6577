import type { JsonObject } from '../http/json.ts';

export interface MetricName {
  readonly id: string;
  readonly name: string;
  readonly createdMs: number;
  /** Name of the integration that it belongs to; left out, it is one of a private key. */
  readonly integration?: string;
}

export type Consent = 'NEVER_SUBSCRIBED' | 'SUBSCRIBED' | 'UNSUBSCRIBED';

export interface StoredProfile {
  readonly id: string;
  readonly number: number;
  email: string | null;
  phone: string | null;
  externalId: string | null;
  anonymousId: string | null;
  attributes: JsonObject;
  properties: JsonObject;
  readonly createdMs: number;
  updatedMs: number;
  lastEventMs: number | null;
  /** Visible from this time on: what was accepted with an event is stored a little later. */
  visibleMs: number;
  erased: boolean;
  consent: Consent;
  consentMs: number | null;
  suppressions: readonly { readonly reason: string; readonly timestampMs: number }[];
  events: StoredEvent[];
}

/** One stored event. Properties are kept as text: an object per event would cost several times the memory. */
export interface StoredEvent {
  readonly number: number;
  readonly metric: MetricName;
  readonly profile: StoredProfile;
  readonly seconds: number;
  readonly uniqueId: string | null;
  readonly value: number | null;
  readonly currency: string | null;
  readonly backfill: boolean;
  properties: string;
  readonly route: 'single' | 'bulk';
  readonly storedMs: number;
}
