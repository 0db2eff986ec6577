import type { BuyerEvent } from '@watertight/contracts';
import type { MessageBatch, MessageOutcome } from '@watertight/kafka';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { createDatabase, Database, runMigrations } from '@watertight/postgres';
import { createLogger, RetryableError, systemClock } from '@watertight/service';
import { createTestSchema, type Sandbox, startSandbox, testStack, waitUntil } from '@watertight/testing';
import type { OutcomePublisher } from './delivery/say-outcomes.ts';
import { KlaviyoClient } from './klaviyo/klaviyo-client.ts';
import { PrivacyClient } from './klaviyo/privacy-client.ts';
import type { SkippingClock } from './skipping-clock.fixture.ts';
import { WRITER_MIGRATIONS } from './writer.module.ts';
import { PublisherSpy, policy } from './writer.fixture.ts';
import { type WriterParts, writerParts } from './writer.parts.ts';

export interface StoredTruth {
  readonly metric: string;
  readonly uniqueId: string;
  readonly email: string;
  readonly phone: string | null;
  readonly route: 'single' | 'bulk';
  readonly backfill: boolean;
  readonly value: number | null;
  readonly profileProperties: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface KlaviyoTruth {
  readonly throttled: number;
  readonly phonesDropped: number;
  readonly doubled: number;
  readonly lost: number;
  readonly forbiddenCalls: number;
  readonly stored: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
}

/** The Klaviyo double, as a process, and how a test talks to it. */
export class KlaviyoDouble {
  private constructor(private readonly sandbox: Sandbox) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<KlaviyoDouble> {
    return new KlaviyoDouble(
      await startSandbox({
        SANDBOX_HISTORY_ORDERS: '0',
        SANDBOX_LIVE_ORDERS_PER_MINUTE: '0',
        SANDBOX_KLAVIYO_STORE_DELAY_MS: '20',
        ...settings,
      }),
    );
  }

  get baseUrl(): string {
    return `${this.sandbox.url}/klaviyo`;
  }

  fault(fault: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#call('POST', '/faults', { target: 'klaviyo', ...fault });
  }

  clearFaults(): Promise<unknown> {
    return this.#call('DELETE', '/faults');
  }

  async events(query = ''): Promise<readonly StoredTruth[]> {
    return (await this.#call('GET', `/klaviyo/events${query}`)) as readonly StoredTruth[];
  }

  async truth(): Promise<KlaviyoTruth> {
    return ((await this.#call('GET', '/truth')) as { klaviyo: KlaviyoTruth }).klaviyo;
  }

  /** Settings of the double, such as `namesEntries`, `quota` or `storeDelayMs`. */
  set(settings: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#call('POST', '/klaviyo', settings);
  }

  /** Time goes on at once for the double too. */
  skip(ms: number): Promise<unknown> {
    return this.#call('POST', '/clock', { skipMs: ms });
  }

  /** The faults in force, with how often each has struck. */
  async faults(): Promise<readonly { readonly kind: string; readonly struck: number }[]> {
    return (await this.#call('GET', '/faults')) as readonly { kind: string; struck: number }[];
  }

  /** A metric of another integration. */
  metric(body: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#call('POST', '/klaviyo/metrics', body);
  }

  profile(body: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#call('POST', '/klaviyo/profiles', body);
  }

  reset(): Promise<unknown> {
    return this.#call('POST', '/reset');
  }

  stop(): Promise<void> {
    return this.sandbox.stop();
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.sandbox.url}/sandbox${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`the sandbox answered ${response.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text);
  }
}

/** A writer on a schema of its own, without Kafka: what it would publish is kept. */
export interface BenchWriter extends WriterParts {
  readonly database: Database;
  readonly client: KlaviyoClient;
  readonly published: PublisherSpy;
  deliver(...events: readonly BuyerEvent[]): Promise<readonly MessageOutcome[]>;
  /** As a lane does: the same again for as long as the writer says that it cannot take them now. */
  deliverAtLast(...events: readonly BuyerEvent[]): Promise<readonly MessageOutcome[]>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly timeoutMs?: number;
  readonly deadlineMs?: number;
  readonly policy?: MarketplacesPolicy;
  readonly privacyKey?: string;
  readonly pacing?: boolean;
  /** Where what is published goes, beside the spy. */
  readonly publisher?: OutcomePublisher;
  /** With it time can be skipped; outages are then as long as they really are. */
  readonly clock?: SkippingClock;
  /** Shares the schema of another writer: a second replica, or the same one after a crash. */
  readonly database?: Database;
}

export async function benchWriter(options: BenchOptions): Promise<BenchWriter> {
  const { databaseUrl } = testStack();
  const schema =
    options.database === undefined ? await createTestSchema(databaseUrl, { create: false }) : undefined;
  const database =
    options.database ??
    createDatabase({
      url: databaseUrl,
      schema: schema!.schema,
      migrations: WRITER_MIGRATIONS,
      connectionsMax: 8,
    });
  if (options.database === undefined) await runMigrations(database);
  const client = new KlaviyoClient({
    apiKey: options.apiKey ?? 'pk_sandbox_narrow',
    baseUrl: options.baseUrl,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  const { privacyKey, baseUrl } = options;
  const privacy =
    privacyKey === undefined ? null : new PrivacyClient({ apiKey: privacyKey, baseUrl, timeoutMs: 5_000 });
  const published = new PublisherSpy(options.publisher);
  const { clock } = options;
  const parts = writerParts({
    config: {
      KLAVIYO_QUOTA_PERCENT: 100,
      KLAVIYO_PACING: options.pacing ?? true,
      VERIFY_FIRST_AFTER: 50,
      VERIFY_EVERY: 50,
      VERIFY_DEADLINE: options.deadlineMs ?? 20_000,
      CONSENTS_EVERY: 60_000,
      PROFILE_WAIT: 50,
    },
    policy: options.policy ?? policy,
    privacy,
    database,
    client,
    publisher: published,
    context: { clock: clock ?? systemClock, logger: createLogger('klaviyo-writer', 'silent') },
    ...(clock === undefined
      ? // A second of an outage is a hundredth here.
        { outage: { baseMs: 10, maxMs: 600 } }
      : { monotonicMs: () => clock.monotonicMs() }),
  });
  return {
    ...parts,
    database,
    client,
    published,
    deliver: (...events) => parts.deliverBatch.deliver(batchOf(events)),
    deliverAtLast: (...events) =>
      waitUntil(
        'the events to be taken',
        () => unlessRetryable(parts.deliverBatch.deliver(batchOf(events))),
        {
          deadlineMs: 60_000,
        },
      ),
    async close() {
      client.close();
      privacy?.close();
      if (options.database !== undefined) return;
      await database.close();
      await schema?.drop();
    },
  };
}

async function unlessRetryable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
}

export function batchOf(
  events: readonly BuyerEvent[],
  signal: MessageBatch<BuyerEvent>['signal'] = new AbortController().signal,
): MessageBatch<BuyerEvent> {
  return {
    topic: 'buyer.events.v1',
    partition: 0,
    signal,
    messages: events.map((value, index) => ({
      value,
      key: value.buyerId,
      topic: 'buyer.events.v1',
      partition: 0,
      offset: String(index),
      timestampMs: 0,
      headers: {},
    })),
  };
}
