import { AxiosHeaders } from 'axios';
import { EventsApi, ProfilesApi, type Session } from 'klaviyo-api';
import { bulkBody, bulkEntryText } from './bulk-text.ts';
import { bulkRequest, profileRequest, singleRequest } from './event-requests.ts';
import type { KlaviyoEvent } from './klaviyo-event.ts';

/**
 * The SDK drops what it does not know without a word: a renamed field would be lost for months before anybody missed
 * it. So at start one event with every field is put through it, unsent, and what it would send is held against what was
 * asked. Throws Error naming the first difference.
 */
export async function assertNothingDropped(): Promise<void> {
  const single = singleRequest(fullEvent);
  const bulk = bulkRequest([fullEvent]);
  const session = new CapturingSession();
  const events = new EventsApi(session);
  await events.createEvent(single);
  assertSame(onTheWire(single), session.body, 'POST /api/events');
  await events.bulkCreateEvents(bulk);
  assertSame(onTheWire(bulk), session.body, 'POST /api/event-bulk-create-jobs');
  // This one we write out ourselves.
  const written: unknown = JSON.parse(bulkBody([bulkEntryText(fullEvent)]).toString());
  assertSame(session.body, written, 'POST /api/event-bulk-create-jobs, as we write it');
  const profile = profileRequest(fullEvent.profile);
  await new ProfilesApi(session).createOrUpdateProfile(profile);
  assertSame(onTheWire(profile), session.body, 'POST /api/profile-import');
}

/** What a request of ours must look like in JSON: Klaviyo's names, and the keys of `properties` untouched. */
export function onTheWire(request: unknown): unknown {
  if (request instanceof Date) return request.toISOString();
  if (Array.isArray(request)) return request.map(onTheWire);
  if (typeof request !== 'object' || request === null) return request;
  const entries = Object.entries(request).map(([name, value]): [string, unknown] => {
    if (name === 'properties') return [name, value];
    if (name === 'eventsBulkCreate') return ['events-bulk-create', onTheWire(value)];
    return [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), onTheWire(value)];
  });
  return Object.fromEntries(entries);
}

export function assertSame(wanted: unknown, given: unknown, where: string): void {
  const [want, got] = [canonical(wanted), canonical(given)];
  if (want !== got)
    throw new Error(`the Klaviyo SDK changes what it is given for ${where}: wanted ${want}, got ${got}`);
}

class CapturingSession implements Session {
  body: unknown;

  applyToRequest(): void {}

  async requestWithRetry(
    config: Parameters<Session['requestWithRetry']>[0],
  ): ReturnType<Session['requestWithRetry']> {
    this.body = JSON.parse(JSON.stringify(config.data));
    return {
      data: undefined,
      status: 202,
      statusText: '',
      headers: {},
      config: { headers: new AxiosHeaders() },
    };
  }

  refreshAndRetry(): boolean {
    return false;
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/** Every field that we ever set has a value here; the type makes sure that none is forgotten. */
const fullEvent: { readonly [K in keyof KlaviyoEvent]-?: KlaviyoEvent[K] } & {
  readonly profile: Required<KlaviyoEvent['profile']>;
} = {
  metric: 'Placed Order',
  uniqueId: 'm:1:placed',
  eventId: 'm:1:placed',
  buyerId: 'b',
  occurredAt: new Date('2026-01-01T00:00:00Z'),
  value: { amount: 49.9, currency: 'EUR' },
  properties: {
    OrderId: '1',
    snake_case: 1,
    camelCase: 2,
    Items: [{ ProductID: 'x' }],
    $extra: { Nested: { Deep: true } },
  },
  profile: {
    email: 'a@example.org',
    firstName: 'A',
    lastName: 'B',
    phoneNumber: '+33600000000',
    locale: 'fr-FR',
    location: { city: 'Paris', region: 'IDF', country: 'FR', zip: '75001' },
    properties: { 'Marketplace Orders': 1, 'Marketplace SKUs': ['x'] },
  },
  profileVersion: 1,
  backfill: true,
};
