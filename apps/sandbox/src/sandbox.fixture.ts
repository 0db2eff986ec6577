import type { Json } from './http/json.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import type { SandboxSettings } from './sandbox-state.ts';

export const startMs = Date.UTC(2026, 10, 23, 10, 30, 0);

export const quietSettings: SandboxSettings = {
  seed: 1,
  historyOrders: 0,
  historyDays: 365,
  historyEndMs: null,
  ordersPerMinute: 0,
  lifeSpeed: 1,
  klaviyo: {
    quota: 'enforced',
    storeDelayMs: 300,
    bulkRefusesStored: true,
    namesEntries: true,
    keep: 'full',
  },
};

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // A spec looks into answers of every form; a wrong path shows as a failed expectation.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface OpenSandbox {
  readonly sandbox: Sandbox;
  readonly clock: { nowMs: number };
  readonly bugs: unknown[];
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: Json | string,
    headers?: Record<string, string>,
  ): Promise<Answered>;
  mirakl(marketplace: string, query?: string, key?: string): Promise<Answered>;
  klaviyo(method: 'GET' | 'POST', path: string, body?: Json | string): Promise<Answered>;
}

export const klaviyoHeaders = {
  authorization: 'Klaviyo-API-Key pk_sandbox',
  revision: '2026-07-15',
  'content-type': 'application/json',
};

/** A sandbox in this process whose clock stands still until a spec moves it. */
export function openSandbox(settings: Partial<SandboxSettings> = {}): OpenSandbox {
  const clock = { nowMs: startMs };
  const bugs: unknown[] = [];
  const sandbox = createSandbox({ ...quietSettings, ...settings }, { now: () => clock.nowMs }, (bug) =>
    bugs.push(bug),
  );
  const call: OpenSandbox['call'] = async (method, url, body, headers = {}) => {
    const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const answer = await sandbox.http.inject({
      method,
      url,
      headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const isJson = String(answer.headers['content-type']).includes('json') && answer.body !== '';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      body: isJson ? JSON.parse(answer.body) : undefined,
    };
  };
  return {
    sandbox,
    clock,
    bugs,
    call,
    mirakl: (marketplace, query = '', key = `sandbox-${marketplace}-key`) =>
      call('GET', `/mirakl/${marketplace}/api/orders${query}`, undefined, { authorization: key }),
    klaviyo: (method, path, body) => call(method, `/klaviyo${path}`, body, klaviyoHeaders),
  };
}

export interface EventShape {
  readonly email?: string;
  readonly id?: string;
  readonly metric?: string;
  readonly value?: Json;
  readonly time?: string;
  readonly profile?: { readonly [key: string]: Json };
  readonly attributes?: { readonly [key: string]: Json };
}

function eventAttributes({ id, metric = 'Placed Order', value = 49.9, time, attributes }: EventShape): {
  readonly [key: string]: Json | undefined;
} {
  return {
    properties: { OrderId: id ?? 'none' },
    value,
    value_currency: 'EUR',
    unique_id: id,
    time,
    metric: { data: { type: 'metric', attributes: { name: metric } } },
    ...attributes,
  };
}

/** Body of `POST /api/events`. */
export function singleEvent(shape: EventShape): Json {
  const profile = shape.profile ?? { email: shape.email ?? 'zoe@example.com' };
  return {
    data: {
      type: 'event',
      attributes: { ...eventAttributes(shape), profile: { data: { type: 'profile', attributes: profile } } },
    },
  };
}

/** Body of `POST /api/event-bulk-create-jobs`, one group per event. */
export function bulkEvents(shapes: readonly EventShape[]): Json {
  const data = shapes.map((shape) => ({
    type: 'event-bulk-create',
    attributes: {
      profile: {
        data: { type: 'profile', attributes: shape.profile ?? { email: shape.email ?? 'zoe@example.com' } },
      },
      events: { data: [{ type: 'event', attributes: eventAttributes(shape) }] },
    },
  }));
  return { data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data } } } };
}
