export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** The profile inside an event. With nothing but the address it identifies, and changes nothing. */
export interface KlaviyoProfile {
  readonly email: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** E.164 */
  readonly phoneNumber?: string;
  /** BCP 47 */
  readonly locale?: string;
  readonly location?: {
    readonly city?: string;
    readonly region?: string;
    readonly country?: string;
    readonly zip?: string;
  };
  readonly properties?: JsonObject;
}

/** One event as Klaviyo is to store it. (metric, uniqueId) names it for ever. */
export interface KlaviyoEvent {
  /** Klaviyo's name of the metric. */
  readonly metric: string;
  readonly uniqueId: string;
  /** The buyer event that it came from. */
  readonly eventId: string;
  readonly buyerId: string;
  readonly occurredAt: Date;
  /** In the reporting currency; null when there is no rate, and then Klaviyo gets no value. */
  readonly value: { readonly amount: number; readonly currency: string } | null;
  readonly properties: JsonObject;
  readonly profile: KlaviyoProfile;
  /** Version of the profile that it carries; null when it only identifies. */
  readonly profileVersion: number | null;
  /** True for history: stored, but no flow starts. */
  readonly backfill: boolean;
}

/** Names an event among all events: the key of the delivery ledger. No id holds U+0000 (see hasStorableIds). */
export function ledgerKey(event: { readonly metric: string; readonly uniqueId: string }): string {
  return `${event.metric}\0${event.uniqueId}`;
}
