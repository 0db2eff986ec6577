import type { JsonObject } from '../http/json.ts';

/** Who a payload says the person is. At least one is set on a draft that passed validation. */
export interface Identifiers {
  readonly id: string | null;
  /** As written; compared without regard to case. */
  readonly email: string | null;
  readonly phone: string | null;
  readonly externalId: string | null;
  readonly anonymousId: string | null;
  /** Klaviyo's encrypted cookie id. */
  readonly exchangeId: string | null;
}

export interface ProfileDraft {
  readonly identifiers: Identifiers;
  /** Everything but identifiers, as sent: null clears a field, an absent one is left alone. */
  readonly attributes: JsonObject;
  readonly patch: JsonObject;
  /** An invalid phone beside another identifier is dropped, and the answer says so in a header. */
  readonly phoneDropped: boolean;
}

export interface EventDraft {
  readonly metricName: string;
  readonly uniqueId: string | null;
  /** Whole seconds since 1970: Klaviyo cuts the rest off. */
  readonly seconds: number;
  readonly value: number | null;
  readonly currency: string | null;
  readonly backfill: boolean;
  readonly properties: JsonObject;
  readonly profile: ProfileDraft;
}
