import { EventsApi } from 'klaviyo-api';
import { AccountCalls } from './account-calls.ts';
import { readEvents } from './answers.ts';
import { bulkRequest, singleRequest } from './event-requests.ts';
import type { KlaviyoEvent } from './klaviyo-event.ts';
import { KlaviyoSession, type KlaviyoSessionOptions } from './klaviyo-session.ts';
import { cursorOf } from './page-cursor.ts';
import { ProfileCalls } from './profile-calls.ts';

export interface StoredEvent {
  /** Our unique id, which Klaviyo shows as the property `$event_id`; null for an event that was sent without one. */
  readonly uniqueId: string | null;
  readonly atSeconds: number;
}

/** A 202, and what of the request Klaviyo left out all the same. */
export interface Acceptance {
  /** Klaviyo took the events without a phone number that it found wrong. */
  readonly phoneDropped: boolean;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** Leads to the next page; null on the last one. */
  readonly cursor: string | null;
}

export interface EventQuery {
  readonly metricId: string;
  /** Both ends are included, in whole seconds since 1970. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly cursor: string | null;
}

/** Most events of one page; Klaviyo allows no more. */
export const EVENT_PAGE_SIZE = 1_000;

/**
 * The calls that this service makes, through the official SDK. Every method throws KlaviyoCallError when Klaviyo does
 * not answer or refuses.
 */
export class KlaviyoClient {
  readonly #session: KlaviyoSession;
  readonly #events: EventsApi;
  readonly account: AccountCalls;
  readonly profiles: ProfileCalls;

  constructor(options: KlaviyoSessionOptions) {
    this.#session = new KlaviyoSession(options);
    this.#events = new EventsApi(this.#session);
    const basePath = options.baseUrl.replace(/\/$/, '');
    this.#events.basePath = basePath;
    this.account = new AccountCalls(this.#session, basePath);
    this.profiles = new ProfileCalls(this.#session, basePath);
  }

  /** Resolves when Klaviyo has accepted the event (202), which does not mean that it is stored. */
  async createEvent(event: KlaviyoEvent): Promise<Acceptance> {
    const { response } = await this.#events.createEvent(singleRequest(event));
    return acceptanceOf(response.headers);
  }

  /** The same for up to 1,000 events: all are accepted, or none. */
  async bulkCreateEvents(events: readonly KlaviyoEvent[]): Promise<Acceptance> {
    const { response } = await this.#events.bulkCreateEvents(bulkRequest(events));
    return acceptanceOf(response.headers);
  }

  /** Stored events of a metric in the order of their time. */
  async listEvents({ metricId, fromSeconds, toSeconds, cursor }: EventQuery): Promise<EventPage> {
    const { response } = await this.#events.getEvents({
      filter: [
        `equals(metric_id,"${metricId}")`,
        `greater-or-equal(datetime,${isoSeconds(fromSeconds)})`,
        `less-or-equal(datetime,${isoSeconds(toSeconds)})`,
      ].join(','),
      fieldsEvent: ['datetime', 'event_properties'],
      pageSize: EVENT_PAGE_SIZE,
      sort: 'datetime',
      ...(cursor === null ? {} : { pageCursor: cursor }),
    });
    const body = readEvents(response.data);
    return {
      events: body.data.map(({ attributes }) => ({
        uniqueId: textOrNull(attributes.event_properties?.$event_id),
        atSeconds: Math.floor(Date.parse(attributes.datetime) / 1_000),
      })),
      cursor: cursorOf(body.links?.next),
    };
  }

  /** A readiness check: rejects, saying why, while Klaviyo refuses whatever is asked. An outage is not that. */
  check(): Promise<void> {
    return this.#session.check();
  }

  close(): void {
    this.#session.close();
  }
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * Since 2025 an invalid phone number no longer refuses an event with another identifier; a header says so:
 * https://community.klaviyo.com/developer-group-64/api-validation-improvements-for-phone-number-handling-18034
 */
function acceptanceOf(headers: unknown): Acceptance {
  const left: unknown =
    typeof headers === 'object' && headers !== null
      ? Reflect.get(headers, 'x-klaviyo-partial-failure')
      : undefined;
  return { phoneDropped: typeof left === 'string' && left.includes('phone_number') };
}
