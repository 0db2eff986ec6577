import { EventsApi, type Session } from 'klaviyo-api';
import { type Acceptance, acceptanceOf } from './acceptance.ts';
import { AccountCalls } from './account-calls.ts';
import { readEvents } from './answers.ts';
import { bulkBody } from './bulk-text.ts';
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
  readonly #basePath: string;
  readonly account: AccountCalls;
  readonly profiles: ProfileCalls;

  constructor(options: KlaviyoSessionOptions) {
    this.#session = new KlaviyoSession(options);
    this.#basePath = options.baseUrl.replace(/\/$/, '');
    this.#events = this.#eventsApi(this.#session);
    this.account = new AccountCalls(this.#session, this.#basePath);
    this.profiles = new ProfileCalls(this.#session, this.#basePath);
  }

  /** Resolves when Klaviyo has accepted the event (202), which does not mean that it is stored. */
  async createEvent(event: KlaviyoEvent): Promise<Acceptance> {
    const { response } = await this.#events.createEvent(singleRequest(event));
    return acceptanceOf(response.headers);
  }

  /** The same for up to 1,000 events, each as `bulkEntryText` writes it: all are accepted, or none. */
  async bulkCreateEvents(entries: readonly string[]): Promise<Acceptance> {
    const events = this.#eventsApi(this.#session.withBody(bulkBody(entries)));
    // The SDK knows the address and the headers; what it makes of an empty request gives way to the body.
    const { response } = await events.bulkCreateEvents(bulkRequest([]));
    return acceptanceOf(response.headers);
  }

  /** Stored events of a metric in the order of their time. */
  async listEvents({ metricId, fromSeconds, toSeconds, cursor }: EventQuery): Promise<EventPage> {
    const { session, body: answered } = this.#session.keepingAnswer();
    await this.#eventsApi(session).getEvents({
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
    const body = readEvents(answered());
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

  #eventsApi(session: Session): EventsApi {
    const api = new EventsApi(session);
    api.basePath = this.#basePath;
    return api;
  }
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
