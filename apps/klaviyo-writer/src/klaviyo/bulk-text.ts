import type { KlaviyoEvent, KlaviyoProfile } from './klaviyo-event.ts';

// The bulk body as it leaves. The SDK would copy every event into a form of its own, and axios write that out: this way
// an event is written once, when it joins the queue, and its exact size is known there. At start the text is held
// against what the SDK makes of the same event (assert-nothing-dropped.ts).

/** One event as an entry of its own: an entry that Klaviyo names in a refusal is then exactly one event, at its index. */
export function bulkEntryText(event: KlaviyoEvent): string {
  const { properties, occurredAt, value, uniqueId, backfill, metric } = event;
  const attributes = {
    properties,
    time: occurredAt,
    ...(value === null ? {} : { value: value.amount, value_currency: value.currency }),
    unique_id: uniqueId,
    ...(backfill ? { backfill: true } : {}),
    metric: { data: { type: 'metric', attributes: { name: metric } } },
  };
  return JSON.stringify({
    type: 'event-bulk-create',
    attributes: {
      profile: { data: { type: 'profile', attributes: profileAttributes(event.profile) } },
      events: { data: [{ type: 'event', attributes }] },
    },
  });
}

/** The body of a request with these entries. */
export function bulkBody(entries: readonly string[]): Buffer {
  return Buffer.from(`${HEAD}${entries.join(',')}${TAIL}`);
}

const HEAD = '{"data":{"type":"event-bulk-create-job","attributes":{"events-bulk-create":{"data":[';
const TAIL = ']}}}}';

/** JSON leaves out what is undefined. */
function profileAttributes(profile: KlaviyoProfile) {
  const { email, firstName, lastName, phoneNumber, locale, location, properties } = profile;
  return {
    email,
    first_name: firstName,
    last_name: lastName,
    phone_number: phoneNumber,
    locale,
    location,
    properties,
  };
}
