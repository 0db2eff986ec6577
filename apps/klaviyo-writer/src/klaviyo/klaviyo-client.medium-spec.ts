// real: [HTTP, the official SDK], double: [Klaviyo (an HTTP server that notes what it gets)]
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as sdk from 'klaviyo-api';
import { buyerEvent, NOW, policy } from '../writer.fixture.ts';
import { ALLOWED_CALLS, assertAllowed, ForbiddenCallError } from './allowed-calls.ts';
import { buildKlaviyoEvents } from './build-event.ts';
import { bulkEntryText } from './bulk-text.ts';
import { KlaviyoClient } from './klaviyo-client.ts';
import { KlaviyoCallError } from './klaviyo-errors.ts';
import { KlaviyoSession } from './klaviyo-session.ts';
import { PrivacyClient } from './privacy-client.ts';
import { OfficialSpecification } from './openapi.fixture.ts';

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

const KEY = 'pk_very_secret_key';
const seen: Seen[] = [];
let server: Server;
let baseUrl: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let client: KlaviyoClient;

const ok = (body?: object) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(body === undefined ? 202 : 200, { 'content-type': 'application/vnd.api+json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
};

beforeEach(async () => {
  seen.length = 0;
  answer = ok();
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      const url = new URL(request.url ?? '', 'http://127.0.0.1');
      seen.push({
        method: request.method ?? '',
        url,
        headers: request.headers,
        body: text === '' ? null : JSON.parse(text),
      });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  client = new KlaviyoClient({ apiKey: KEY, baseUrl, timeoutMs: 500 });
});

afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const events = buildKlaviyoEvents(buyerEvent('A-1', { occurredAt: '2026-01-01T10:00:00Z' }), {
  policy,
  now: NOW,
});
const failureOf = async (call: Promise<unknown>): Promise<KlaviyoCallError> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof KlaviyoCallError))
    throw new Error(`expected a KlaviyoCallError, got ${String(error)}`);
  return error;
};

describe('what is sent', () => {
  it('has the pinned revision, refuses to fall forward, and is signed', async () => {
    await client.createEvent(events[0]!);
    expect(seen[0]?.headers).toMatchObject({
      revision: '2026-07-15',
      'x-klaviyo-revision-fall-forward-opt-out': '1',
      authorization: `Klaviyo-API-Key ${KEY}`,
    });
  });

  it('goes over one connection that stays open', async () => {
    const sockets = new Set();
    server.on('connection', (socket) => sockets.add(socket));
    for (let time = 0; time < 3; time += 1) await client.createEvent(events[0]!);
    expect(sockets.size).toBe(1);
  });

  it('asks for a page of stored events by metric and time', async () => {
    answer = ok({ data: [], links: { next: `${baseUrl}/api/events?page%5Bcursor%5D=a%2Bb%3D%3D` } });
    const page = await client.listEvents({
      metricId: 'M1',
      fromSeconds: 1_767_261_600,
      toSeconds: 1_767_261_600,
      cursor: null,
    });
    expect(seen[0]?.url.searchParams.get('filter')).toBe(
      'equals(metric_id,"M1"),greater-or-equal(datetime,2026-01-01T10:00:00Z),less-or-equal(datetime,2026-01-01T10:00:00Z)',
    );
    expect(page.cursor).toBe('a+b==');
    await client.listEvents({ metricId: 'M1', fromSeconds: 0, toSeconds: 1, cursor: page.cursor });
    expect(seen[1]?.url.searchParams.get('page[cursor]')).toBe('a+b==');
  });

  it('names addresses with a plus as they are', async () => {
    answer = ok({ data: [{ type: 'profile', id: '1', attributes: { email: 'Zoe+x@example.org' } }] });
    await expect(client.profiles.listKnownEmails(['zoe+x@example.org'])).resolves.toEqual(
      new Set(['zoe+x@example.org']),
    );
    expect(seen[0]?.url.searchParams.get('filter')).toBe('any(email,["zoe+x@example.org"])');
  });
});

describe('the list of allowed calls', () => {
  it('stops every other call of the SDK before a byte leaves', async () => {
    const session = new KlaviyoSession({ apiKey: KEY, baseUrl, timeoutMs: 500 });
    const profiles = new sdk.ProfilesApi(session);
    const lists = new sdk.ListsApi(session);
    for (const api of [profiles, lists]) api.basePath = baseUrl;
    const subscription = {
      data: { type: 'profile-subscription-bulk-create-job', attributes: { profiles: { data: [] } } },
    };
    const attempts = [
      () => profiles.bulkSubscribeProfiles(subscription as never),
      () => profiles.bulkUnsubscribeProfiles(subscription as never),
      () => profiles.bulkSuppressProfiles(subscription as never),
      () => profiles.bulkUnsuppressProfiles(subscription as never),
      () => profiles.mergeProfiles({ data: {} } as never),
      () => profiles.bulkImportProfiles({ data: {} } as never),
      () => lists.addProfilesToList('L1', { data: [] } as never),
      () => lists.removeProfilesFromList('L1', { data: [] } as never),
      () => lists.deleteList('L1'),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(ForbiddenCallError);
    expect(seen).toEqual([]);
  });

  it('is not led past by a redirect', async () => {
    answer = (_request, response) =>
      response.writeHead(307, { location: `${baseUrl}/api/profile-merge` }).end();
    const error = await failureOf(client.createEvent(events[0]!));
    expect(error.failure.kind).toBe('misconfigured');
    expect(seen).toHaveLength(1);
  });
});

describe('a call that fails', () => {
  it('ends in time when no answer comes', async () => {
    answer = () => undefined;
    const startedAt = performance.now();
    const error = await failureOf(client.createEvent(events[0]!));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(error.failure).toMatchObject({ kind: 'unavailable', mayHaveLeft: true });
  });

  it('ends in time when the answer trickles in for ever', async () => {
    let timer: NodeJS.Timeout | undefined;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      timer = setInterval(() => response.write(' '), 50);
    };
    expect((await failureOf(client.account.listMetrics())).failure.kind).toBe('unavailable');
    clearInterval(timer);
  });

  it('is made once: trying again is not decided here', async () => {
    answer = (_request, response) => response.writeHead(503).end();
    await failureOf(client.createEvent(events[0]!));
    expect(seen).toHaveLength(1);
  });

  it('ends at once when the client is closed', async () => {
    answer = () => client.close();
    expect((await failureOf(client.createEvent(events[0]!))).failure.kind).toBe('unavailable');
    expect((await failureOf(client.createEvent(events[0]!))).failure.kind).toBe('unavailable');
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['an answer', () => (answer = (_request, response) => response.writeHead(401).end('{}'))],
    ['no answer', () => (answer = (request) => request.socket.destroy())],
    [
      'a body that is no JSON',
      () => (answer = (_request, response) => response.writeHead(200).end('<html>')),
    ],
  ])('with %s shows neither the key nor whom it was about', async (_what, prepare) => {
    prepare();
    const error = await failureOf(client.createEvent(events[0]!));
    const everything = `${JSON.stringify(error)} ${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${error.stack} ${String(error.cause)}`;
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain('example.org');
  });

  it.each([
    '{"data": [',
    '<html>',
    '{"data": {}}',
    '{"data": [{}]}',
    '{"data": [null]}',
    '{"data": "x"}',
    '{}',
    '[]',
    '7',
    'null',
  ])('is one whose answer is %s', async (text) => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    expect((await failureOf(client.account.listMetrics())).failure).toMatchObject({ kind: 'unavailable' });
  });
});

const specification = OfficialSpecification.load();
const ifAtHand = specification === undefined ? describe.skip : describe;

ifAtHand("Klaviyo's official specification", () => {
  it('takes every body that we send, and knows every field of it', async () => {
    await client.createEvent(events[0]!);
    await client.createEvent(events[1]!);
    await client.bulkCreateEvents(events.map(bulkEntryText));
    // The 202 that this server gives to everything is no answer to a question; what was asked is what counts here.
    await client.profiles.upsert({ ...events[0]!.profile, phoneNumber: '+33612345678' });
    await failureOf(client.account.countByDay('M1', '2026-01-01', '2026-12-31'));
    const privacy = new PrivacyClient({ apiKey: KEY, baseUrl, timeoutMs: 500 });
    await privacy.erase('zoe@example.org');
    privacy.close();
    for (const { url, body } of seen) {
      expect(specification?.bodyProblems(url.pathname.replace('/base', ''), body)).toEqual([]);
    }
    expect(seen).toHaveLength(6);
  });

  it('would notice a field that it does not know, and one that is missing', () => {
    const body = { data: { type: 'event', attributes: { properties: {}, uniqueId: 'x' } } };
    const problems = specification?.bodyProblems('/api/events', body).join();
    expect(problems).toContain('additional properties');
    expect(problems).toContain("required property 'metric'");
  });

  it('knows every parameter that we ask with', async () => {
    answer = ok({ data: [] });
    await client.listEvents({ metricId: 'M1', fromSeconds: 0, toSeconds: 9, cursor: 'c' });
    await client.account.listMetrics();
    await client.profiles.listKnownEmails(['a@example.org']);
    await client.profiles.listConsents(['a@example.org']);
    await client.account.readAccount();
    for (const { url } of seen) {
      expect(specification?.queryProblems(url.pathname.replace('/base', ''), url.searchParams)).toEqual([]);
    }
    expect(seen).toHaveLength(5);
  });

  it('has hundreds of calls; all but the listed ones are refused', () => {
    const allowed = Object.values(ALLOWED_CALLS).map(({ method, path }) => `${method} ${path}`);
    const calls = specification?.calls ?? [];
    expect(calls.length).toBeGreaterThan(300);
    const passing = calls.filter(([method, path]) => {
      try {
        return assertAllowed(method, `${baseUrl}${path.replaceAll(/\{\w+\}/g, 'x')}`, baseUrl) !== undefined;
      } catch (error) {
        if (error instanceof ForbiddenCallError) return false;
        throw error;
      }
    });
    expect(passing.map(([method, path]) => `${method} ${path}`).sort()).toEqual([...allowed].sort());
  });

  it('is of the revision that this service speaks', () => {
    expect(specification?.document['info']).toMatchObject({ version: '2026-07-15' });
  });
});
