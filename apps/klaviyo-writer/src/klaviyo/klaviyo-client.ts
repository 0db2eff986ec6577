import { EventsApi, MetricsApi, ProfilesApi } from 'klaviyo-api';
import { bulkRequest, singleRequest } from './event-requests.ts';
import { KlaviyoCallError, unreadableAnswer } from './klaviyo-errors.ts';
import type { KlaviyoEvent } from './klaviyo-event.ts';
import { KlaviyoSession, type KlaviyoSessionOptions } from './klaviyo-session.ts';

export interface KlaviyoMetric {
  readonly id: string;
  readonly name: string;
  /** Name of the integration that it belongs to; null when Klaviyo says none. */
  readonly integration: string | null;
}

export interface StoredEvent {
  /** Our unique id, as Klaviyo shows it; null for an event that was sent without one. */
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
/** Most addresses of one look-up, and most profiles of one page. */
export const PROFILE_LOOKUP_MAX = 100;

/**
 * The calls that this service makes, through the official SDK. Every method throws KlaviyoCallError when Klaviyo does
 * not answer or refuses.
 */
export class KlaviyoClient {
  readonly #session: KlaviyoSession;
  readonly #events: EventsApi;
  readonly #metrics: MetricsApi;
  readonly #profiles: ProfilesApi;

  constructor(options: KlaviyoSessionOptions) {
    this.#session = new KlaviyoSession(options);
    this.#events = new EventsApi(this.#session);
    this.#metrics = new MetricsApi(this.#session);
    this.#profiles = new ProfilesApi(this.#session);
    const basePath = options.baseUrl.replace(/\/$/, '');
    for (const api of [this.#events, this.#metrics, this.#profiles]) api.basePath = basePath;
  }

  /** Resolves when Klaviyo has accepted the event (202), which does not mean that it is stored. */
  async createEvent(event: KlaviyoEvent): Promise<void> {
    await this.#events.createEvent(singleRequest(event));
  }

  /** The same for up to 1,000 events: all are accepted, or none. */
  async bulkCreateEvents(events: readonly KlaviyoEvent[]): Promise<void> {
    await this.#events.bulkCreateEvents(bulkRequest(events));
  }

  /** Stored events of a metric in the order of their time. */
  async listEvents({ metricId, fromSeconds, toSeconds, cursor }: EventQuery): Promise<EventPage> {
    const { body } = await this.#events.getEvents({
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
    return {
      events: entriesOf(body).map(({ attributes }) => ({
        uniqueId: uniqueIdOf(attributes.eventProperties),
        atSeconds: Math.floor(new Date(attributes.datetime ?? 0).getTime() / 1_000),
      })),
      cursor: cursorOf(body.links?.next),
    };
  }

  async listMetrics(): Promise<readonly KlaviyoMetric[]> {
    const metrics: KlaviyoMetric[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await this.#metrics.getMetrics(cursor === null ? {} : { pageCursor: cursor });
      for (const { id, attributes } of entriesOf(body)) {
        metrics.push({ id, name: attributes.name ?? '', integration: integrationName(attributes.integration) });
      }
      cursor = cursorOf(body.links?.next);
    } while (cursor !== null);
    return metrics;
  }

  /** Which of the addresses belong to a profile, in lower case. At most PROFILE_LOOKUP_MAX addresses. */
  async listKnownEmails(emails: readonly string[]): Promise<ReadonlySet<string>> {
    if (emails.length > PROFILE_LOOKUP_MAX) throw new RangeError(`${emails.length} addresses in one look-up`);
    const { body } = await this.#profiles.getProfiles({
      filter: `any(email,[${emails.map((email) => JSON.stringify(email)).join(',')}])`,
      fieldsProfile: ['email'],
      pageSize: PROFILE_LOOKUP_MAX,
    });
    return new Set(entriesOf(body).flatMap(({ attributes }) => attributes.email?.toLowerCase() ?? []));
  }

  /** A readiness check: rejects, saying why, while Klaviyo refuses whatever is asked. An outage is not that. */
  check(): Promise<void> {
    return this.#session.check();
  }

  close(): void {
    this.#session.close();
  }
}

/** The SDK believes whatever came. What has no list of entries is no answer. */
function entriesOf<T>(body: { readonly data?: readonly T[] } | null | undefined): readonly T[] {
  if (!Array.isArray(body?.data)) throw new KlaviyoCallError(unreadableAnswer(200));
  return body.data;
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

/** Klaviyo shows our unique id under this name: https://developers.klaviyo.com/en/reference/events_api_overview */
function uniqueIdOf(properties: object | null | undefined): string | null {
  const id: unknown = properties === null || properties === undefined ? null : Reflect.get(properties, '$event_id');
  return typeof id === 'string' ? id : null;
}

function integrationName(integration: object | null | undefined): string | null {
  const name: unknown = integration === null || integration === undefined ? null : Reflect.get(integration, 'name');
  return typeof name === 'string' ? name : null;
}

/** The SDK reads the cursor out of an https link only, and decodes it once too often: we hand it the cursor itself. */
function cursorOf(next: string | null | undefined): string | null {
  return next === null || next === undefined ? null : (URL.parse(next)?.searchParams.get('page[cursor]') ?? null);
}
