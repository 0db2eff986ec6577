import type {
  BaseEventCreateQueryBulkEntryResourceObject,
  EventCreateQueryV2,
  EventProfileCreateQueryResourceObject,
  EventsBulkCreateJob,
  ProfileUpsertQuery,
} from 'klaviyo-api';
import type { KlaviyoEvent, KlaviyoProfile } from './klaviyo-event.ts';

// The SDK takes camelCase and drops what it does not know without a word; assert-nothing-dropped.ts holds it to that.
// Keys inside `properties` are ours and stay as they are.

export function singleRequest(event: KlaviyoEvent): EventCreateQueryV2 {
  return {
    data: {
      type: 'event',
      attributes: { ...eventAttributes(event), profile: { data: profileOf(event) } },
    },
  };
}

/** What the SDK is held against: bulk bodies themselves are written by bulk-text.ts. */
export function bulkRequest(events: readonly KlaviyoEvent[]): EventsBulkCreateJob {
  return {
    data: {
      type: 'event-bulk-create-job',
      attributes: {
        eventsBulkCreate: {
          data: events.map((event) => ({
            type: 'event-bulk-create',
            attributes: { profile: { data: profileOf(event) }, events: { data: [bulkEntry(event)] } },
          })),
        },
      },
    },
  };
}

/** A profile outside of any event. */
export function profileRequest(profile: KlaviyoProfile): ProfileUpsertQuery {
  return { data: { type: 'profile', attributes: { ...profile } } };
}

function bulkEntry(event: KlaviyoEvent): BaseEventCreateQueryBulkEntryResourceObject {
  return { type: 'event', attributes: eventAttributes(event) };
}

function eventAttributes(event: KlaviyoEvent) {
  return {
    properties: event.properties,
    time: event.occurredAt,
    ...(event.value === null ? {} : { value: event.value.amount, valueCurrency: event.value.currency }),
    uniqueId: event.uniqueId,
    ...(event.backfill ? { backfill: true } : {}),
    metric: { data: { type: 'metric' as const, attributes: { name: event.metric } } },
  };
}

function profileOf({ profile }: KlaviyoEvent): EventProfileCreateQueryResourceObject {
  return { type: 'profile', attributes: { ...profile } };
}
