import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  bulkEvents,
  klaviyoHeaders,
  openSandbox,
  singleEvent,
  type Answered,
  type EventShape,
  type OpenSandbox,
} from '../sandbox.fixture.ts';

let open: OpenSandbox;

beforeEach(() => {
  open = openSandbox();
});

const single = (shape: EventShape): Promise<Answered> =>
  open.klaviyo('POST', '/api/events', singleEvent(shape));
const bulk = (shapes: readonly EventShape[]): Promise<Answered> =>
  open.klaviyo('POST', '/api/event-bulk-create-jobs', bulkEvents(shapes));
const counts = async (): Promise<Answered['body']> => (await open.call('GET', '/sandbox/truth')).body.klaviyo;
const later = (ms: number): void => {
  open.clock.nowMs += ms;
};

describe('the door', () => {
  it('refuses a call without a key, and one with a wrong key', async () => {
    const { authorization: _none, ...bare } = klaviyoHeaders;
    const missing = await open.call('GET', '/klaviyo/api/metrics', undefined, bare);
    expect([missing.status, missing.body.errors[0].code]).toEqual([401, 'not_authenticated']);
    const wrong = { ...klaviyoHeaders, authorization: 'Klaviyo-API-Key pk_other' };
    expect((await open.call('GET', '/klaviyo/api/metrics', undefined, wrong)).status).toBe(401);
  });

  it('refuses a key that lacks the scope', async () => {
    const narrow = { ...klaviyoHeaders, authorization: 'Klaviyo-API-Key pk_sandbox_privacy' };
    const answer = await open.call('GET', '/klaviyo/api/metrics', undefined, narrow);
    expect([answer.status, answer.body.errors[0].code]).toEqual([403, 'permission_denied']);
  });

  it('asks for a revision', async () => {
    const { revision: _none, ...bare } = klaviyoHeaders;
    const answer = await open.call('GET', '/klaviyo/api/metrics', undefined, bare);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/vnd.api+json');
    expect(answer.body.errors[0].source).toEqual({ header: 'revision' });
  });

  it('lets an unknown revision fall forward unless the caller opted out', async () => {
    const unknown = { ...klaviyoHeaders, revision: '2027-01-15' };
    const optOut = { 'x-klaviyo-revision-fall-forward-opt-out': '1' };
    expect((await open.call('GET', '/klaviyo/api/metrics', undefined, unknown)).status).toBe(200);
    expect(
      (await open.call('GET', '/klaviyo/api/metrics', undefined, { ...unknown, ...optOut })).status,
    ).toBe(400);
    const retired = { ...klaviyoHeaders, ...optOut, revision: '2023-02-22' };
    expect((await open.call('GET', '/klaviyo/api/metrics', undefined, retired)).status).toBe(410);
  });

  it('counts every call that would change consent, also one that its key did not allow', async () => {
    const path = '/klaviyo/api/profile-subscription-bulk-create-jobs';
    expect((await open.call('POST', path, {}, klaviyoHeaders)).status).toBe(202);
    const narrow = { ...klaviyoHeaders, authorization: 'Klaviyo-API-Key pk_sandbox_narrow' };
    expect((await open.call('POST', path, {}, narrow)).status).toBe(403);
    await open.call('DELETE', '/klaviyo/api/lists/abc/relationships/profiles', {}, klaviyoHeaders);
    await open.call('POST', '/klaviyo/client/subscriptions?company_id=x', {}, { revision: '2026-07-15' });
    expect((await counts()).forbiddenCalls).toBe(4);
  });
});

describe('one event', () => {
  it('is accepted with an empty body, and stored only later', async () => {
    const answer = await single({ id: 'm:1:placed' });
    expect([answer.status, answer.text]).toEqual([202, '']);
    expect((await counts()).events).toBe(0);
    expect((await open.klaviyo('GET', '/api/events')).body.data).toEqual([]);
    later(300);
    expect((await counts()).events).toBe(1);
    const [event] = (await open.klaviyo('GET', '/api/events?include=metric,profile')).body.data;
    expect(event.attributes.event_properties).toMatchObject({ $event_id: 'm:1:placed', $value: 49.9 });
  });

  it('takes a trailing slash', async () => {
    expect((await open.klaviyo('POST', '/api/events/', singleEvent({ id: 'a' }))).status).toBe(202);
  });

  it('is kept once per profile, metric and unique_id: the first wins without a word', async () => {
    await single({ id: 'a', value: 1 });
    const repeat = await single({ id: 'a', value: 2, email: 'ZOE@example.com' });
    expect(repeat.status).toBe(202);
    await single({ id: 'a', metric: 'Refunded Order' });
    later(300);
    const stored = (await open.call('GET', '/sandbox/klaviyo/events?metric=Placed%20Order')).body;
    expect(stored.map((event: { value: number }) => event.value)).toEqual([1]);
    expect(await counts()).toMatchObject({ events: 2, repeatsIgnored: 1, doubled: 0, profiles: 1 });
  });

  it('is doubled when its id comes again for another profile', async () => {
    await single({ id: 'a' });
    await single({ id: 'a', email: 'other@example.com' });
    later(300);
    expect(await counts()).toMatchObject({ events: 2, doubled: 1 });
  });

  it('without a unique_id is known by its second', async () => {
    await single({ time: '2026-11-20T10:00:00.100Z' });
    await single({ time: '2026-11-20T10:00:00.900Z' });
    await single({ time: '2026-11-20T10:00:01.000Z' });
    later(300);
    expect(await counts()).toMatchObject({ events: 2, repeatsIgnored: 1 });
  });

  it('is cut to the second, and a time without an offset is taken as UTC', async () => {
    await single({ id: 'a', time: '2026-11-20T12:00:00.987+02:00' });
    await single({ id: 'b', time: '2026-11-20T10:00:01' });
    later(300);
    const { data } = (await open.klaviyo('GET', '/api/events?sort=datetime')).body;
    const times = data.map((event: { attributes: { datetime: string } }) => event.attributes.datetime);
    expect(times).toEqual(['2026-11-20T10:00:00+00:00', '2026-11-20T10:00:01+00:00']);
  });

  const wrong: readonly (readonly [string, EventShape, string])[] = [
    ['no identifier', { profile: { first_name: 'Zoe' } }, '/data/attributes/profile/data/attributes'],
    [
      'an address that is none',
      { email: 'zoe(at)example.com' },
      '/data/attributes/profile/data/attributes/email',
    ],
    [
      'only a phone, and a wrong one',
      { profile: { phone_number: '0612' } },
      '/data/attributes/profile/data/attributes/phone_number',
    ],
    ['a value in text', { value: '49.90' }, '/data/attributes/value'],
    [
      'a currency that is none',
      { attributes: { value_currency: 'EURO' } },
      '/data/attributes/value_currency',
    ],
    ['a time before 1990', { time: '1989-12-31T23:59:59Z' }, '/data/attributes/time'],
    ['a time over a year ahead', { time: '2028-01-01T00:00:00Z' }, '/data/attributes/time'],
    ['a time that is none', { time: '23/11/2026' }, '/data/attributes/time'],
    [
      'a metric name of 128 characters',
      { metric: 'x'.repeat(128) },
      '/data/attributes/metric/data/attributes/name',
    ],
    ['a field that Klaviyo does not know', { attributes: { uniqueId: 'a' } }, '/data/attributes/uniqueId'],
    ['properties that are missing', { attributes: { properties: null } }, '/data/attributes/properties'],
    [
      '401 properties',
      { attributes: { properties: Object.fromEntries(Array.from({ length: 401 }, (_, i) => [`p${i}`, i])) } },
      '/data/attributes/properties',
    ],
    [
      'a text over 100 KB',
      { attributes: { properties: { a: { b: 'é'.repeat(50_001) } } } },
      '/data/attributes/properties',
    ],
    ['backfill in text', { attributes: { backfill: 'true' } }, '/data/attributes/backfill'],
  ];
  it.each(wrong)('with %s is refused with a pointer', async (_name, shape, pointer) => {
    const answer = await single(shape);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { source: unknown }) => error.source)).toContainEqual({ pointer });
    later(300);
    expect((await counts()).events).toBe(0);
  });

  it('at the limit of properties and of the name is accepted', async () => {
    const properties = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`p${index}`, index]));
    expect((await single({ metric: 'x'.repeat(127), attributes: { properties } })).status).toBe(202);
  });

  it('keeps a wrong phone out and says so, when another identifier is there', async () => {
    const answer = await single({ id: 'a', profile: { email: 'zoe@example.com', phone_number: '06 12' } });
    expect([answer.status, answer.headers['x-klaviyo-partial-failure']]).toEqual([202, 'phone_number']);
  });

  it('over 5 MB is refused', async () => {
    const answer = await single({
      attributes: { properties: { list: Array.from({ length: 60 }, () => 'x'.repeat(90_000)) } },
    });
    expect(answer.status).toBe(413);
  });

  it('that is half a JSON is refused', async () => {
    const answer = await open.klaviyo('POST', '/api/events', '{"data":');
    expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'parse_error']);
  });

  it('remembers whether it was a backfill', async () => {
    await single({ id: 'old', attributes: { backfill: true } });
    await single({ id: 'new' });
    later(300);
    expect((await counts()).flowTriggering).toBe(1);
  });
});

describe('a bulk request', () => {
  const pointers = (answer: Answered): readonly string[] =>
    answer.body.errors.map((error: { source: { pointer: string } }) => error.source.pointer);
  const at = (index: number, rest: string): string =>
    `/data/attributes/events-bulk-create/data/${index}/attributes/events/data/0/attributes/${rest}`;

  it('is stored as a whole', async () => {
    expect((await bulk([{ id: 'a' }, { id: 'b' }, { id: 'c', email: 'ana@example.com' }])).status).toBe(202);
    later(300);
    expect(await counts()).toMatchObject({ events: 3, profiles: 2 });
  });

  it('fails as a whole for one bad entry, and names every bad one', async () => {
    const answer = await bulk([{ id: 'a', value: 'x' }, { id: 'b' }, { id: 'c', time: 'never' }]);
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual([at(0, 'value'), at(2, 'time')]);
    later(300);
    expect((await counts()).events).toBe(0);
  });

  it('fails when an id comes twice in it', async () => {
    const answer = await bulk([{ id: 'a' }, { id: 'b' }, { id: 'a', email: 'Zoe@Example.com' }]);
    expect([answer.status, pointers(answer)]).toEqual([400, [at(2, 'unique_id')]]);
  });

  it('fails when an id was accepted before, unless that is switched off', async () => {
    await single({ id: 'a' });
    expect(pointers(await bulk([{ id: 'a' }, { id: 'b' }]))).toEqual([at(0, 'unique_id')]);
    await open.call('POST', '/sandbox/klaviyo', { bulkRefusesStored: false });
    expect((await bulk([{ id: 'a' }, { id: 'b' }])).status).toBe(202);
    later(300);
    expect(await counts()).toMatchObject({ events: 2, repeatsIgnored: 1 });
  });

  it('takes 1,000 events and refuses 1,001', async () => {
    const many = (count: number): readonly EventShape[] =>
      Array.from({ length: count }, (_, index) => ({ id: `e${index}` }));
    expect((await bulk(many(1_001))).status).toBe(400);
    expect((await bulk(many(1_000))).status).toBe(202);
  });

  it('that is empty is refused', async () => {
    expect((await bulk([])).status).toBe(400);
  });

  it('puts meta beside the profile attributes, not inside them', async () => {
    const meta = { patch_properties: { append: { Tags: 'x' } } };
    const answer = await bulk([{ id: 'a', profile: { email: 'zoe@example.com', meta } }]);
    expect(pointers(answer)).toEqual([
      '/data/attributes/events-bulk-create/data/0/attributes/profile/data/attributes/meta',
    ]);
    expect((await single({ id: 'a', profile: { email: 'zoe@example.com', meta } })).status).toBe(202);
  });
});

describe('the quota', () => {
  it('allows 10 bulk calls in a second and 150 in a minute', async () => {
    const answers: number[] = [];
    for (let second = 0; second < 16; second += 1) {
      for (let call = 0; call < 10; call += 1)
        answers.push((await bulk([{ id: `${second}-${call}` }])).status);
      if (second === 0) answers.push((await bulk([{ id: 'over' }])).status);
      later(1000);
    }
    expect(answers[10]).toBe(429);
    expect(answers.filter((status) => status === 202)).toHaveLength(150);
    expect((await counts()).throttled).toBe(11);
  });

  it('tells what is left of the minute, and on 429 only when to come back', async () => {
    const fine = await open.klaviyo('GET', '/api/metrics');
    expect(fine.headers).toMatchObject({
      'ratelimit-limit': '150',
      'ratelimit-remaining': '149',
      'ratelimit-reset': '60',
    });
    for (let call = 0; call < 9; call += 1) await open.klaviyo('GET', '/api/metrics');
    const refused = await open.klaviyo('GET', '/api/metrics');
    expect([refused.status, refused.headers['retry-after'], refused.headers['ratelimit-limit']]).toEqual([
      429,
      '1',
      undefined,
    ]);
    expect(refused.body.errors[0].code).toBe('throttled');
  });

  it('is one for all keys of the account', async () => {
    for (let call = 0; call < 10; call += 1) await open.klaviyo('GET', '/api/metrics');
    const other = { ...klaviyoHeaders, authorization: 'Klaviyo-API-Key pk_sandbox_narrow' };
    expect((await open.call('GET', '/klaviyo/api/metrics', undefined, other)).status).toBe(429);
  });

  it('can be switched off', async () => {
    await open.call('POST', '/sandbox/klaviyo', { quota: 'off' });
    for (let call = 0; call < 20; call += 1)
      expect((await open.klaviyo('GET', '/api/metrics')).status).toBe(200);
  });
});
