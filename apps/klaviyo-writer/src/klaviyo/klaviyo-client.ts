import { EventsApi, MetricsApi, ProfilesApi } from 'klaviyo-api';
import { readEvents, readMetrics, readProfiles } from './answers.ts';
import { bulkRequest, singleRequest } from './event-requests.ts';
import type { KlaviyoEvent } from './klaviyo-event.ts';
import { KlaviyoSession, type KlaviyoSessionOptions } from './klaviyo-session.ts';

export interface KlaviyoMetric {
  readonly id: string;
  readonly name: string;
  /** Name of the integration that it belongs to; null when Klaviyo says none. */
  readonly integration: string | null;
}

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

  async listMetrics(): Promise<readonly KlaviyoMetric[]> {
    const metrics: KlaviyoMetric[] = [];
    let cursor: string | null = null;
    do {
      const { response } = await this.#metrics.getMetrics(cursor === null ? {} : { pageCursor: cursor });
      const body = readMetrics(response.data);
      for (const { id, attributes } of body.data) {
        metrics.push({
          id,
          name: attributes.name ?? '',
          integration: textOrNull(attributes.integration?.name),
        });
      }
      cursor = cursorOf(body.links?.next);
    } while (cursor !== null);
    return metrics;
  }

  /** Which of the addresses belong to a profile, in lower case. At most PROFILE_LOOKUP_MAX addresses. */
  async listKnownEmails(emails: readonly string[]): Promise<ReadonlySet<string>> {
    if (emails.length > PROFILE_LOOKUP_MAX) throw new RangeError(`${emails.length} addresses in one look-up`);
    const { response } = await this.#profiles.getProfiles({
      filter: `any(email,[${emails.map((email) => JSON.stringify(email)).join(',')}])`,
      fieldsProfile: ['email'],
      pageSize: PROFILE_LOOKUP_MAX,
    });
    return new Set(
      readProfiles(response.data).data.flatMap(({ attributes }) => attributes.email?.toLowerCase() ?? []),
    );
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

/** The SDK reads the cursor out of an https link only, and decodes it once too often: we hand it the cursor itself. */
function cursorOf(next: string | null | undefined): string | null {
  return next === null || next === undefined
    ? null
    : (URL.parse(next)?.searchParams.get('page[cursor]') ?? null);
}
