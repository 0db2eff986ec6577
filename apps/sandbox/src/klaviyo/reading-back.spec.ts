import { beforeEach, describe, expect, it } from '@jest/globals';
import { bulkEvents, openSandbox, singleEvent, type Answered, type OpenSandbox } from '../sandbox.fixture.ts';

let open: OpenSandbox;

beforeEach(async () => {
  open = openSandbox();
  const shapes = Array.from({ length: 7 }, (_, index) => ({
    id: `e${index}`,
    email: `buyer${index % 3}@example.com`,
    metric: index === 6 ? 'Refunded Order' : 'Placed Order',
    time: `2026-11-20T10:00:0${index % 4}Z`,
    value: 0.1,
  }));
  await open.klaviyo('POST', '/api/event-bulk-create-jobs', bulkEvents(shapes));
  open.clock.nowMs += 1000;
});

const events = (query: string): Promise<Answered> => open.klaviyo('GET', `/api/events?${query}`);
const metricId = async (name: string): Promise<string> => {
  const { data } = (await open.klaviyo('GET', '/api/metrics')).body;
  return data.find((metric: { attributes: { name: string } }) => metric.attributes.name === name).id;
};
const idsOf = (answer: Answered): readonly string[] =>
  answer.body.data.map(
    (event: { attributes: { event_properties: Record<string, string> } }) =>
      event.attributes.event_properties['$event_id'],
  );

describe('events', () => {
  it('are found by metric and time, in order, with equal seconds as they came', async () => {
    const filter = `equals(metric_id,"${await metricId('Placed Order')}"),greater-than(datetime,2026-11-20T10:00:00Z),less-or-equal(datetime,2026-11-20T10:00:02Z)`;
    expect(idsOf(await events(`filter=${encodeURIComponent(filter)}&sort=datetime`))).toEqual([
      'e1',
      'e5',
      'e2',
    ]);
    expect(idsOf(await events(`filter=${encodeURIComponent(`and(${filter})`)}&sort=-timestamp`))).toEqual([
      'e2',
      'e5',
      'e1',
    ]);
  });

  it.each(['datetime', '-datetime'])(
    'are paged by a cursor that misses and repeats nothing, sorted by %s',
    async (sort) => {
      const seen: string[] = [];
      let next: string | undefined = `/api/events?sort=${sort}&page%5Bsize%5D=2`;
      while (next !== undefined) {
        const answer: Answered = await open.klaviyo('GET', next);
        seen.push(...idsOf(answer));
        const link: string | undefined = answer.body.links.next;
        next = link?.replace(/^http:\/\/[^/]+\/klaviyo/, '');
      }
      expect([...seen].sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
    },
  );

  it('are paged by the whole next link as cursor too', async () => {
    const first = await events('sort=datetime&page%5Bsize%5D=3');
    const second = await events(`page%5Bcursor%5D=${encodeURIComponent(first.body.links.next)}`);
    expect(idsOf(second)).toHaveLength(3);
    expect(idsOf(second)).not.toEqual(expect.arrayContaining([...idsOf(first)]));
  });

  it('carry only the fields that were asked for', async () => {
    const answer = await events('fields%5Bevent%5D=datetime,uuid&include=profile');
    expect(Object.keys(answer.body.data[0].attributes).sort()).toEqual(['datetime', 'uuid']);
    expect(answer.body.included.map((one: { type: string }) => one.type)).toEqual([
      'profile',
      'profile',
      'profile',
    ]);
  });

  it.each([
    'filter=equals(unique_id,"e1")',
    'filter=any(metric_id,["a"])',
    'filter=equals(metric_id',
    'filter=greater-than(datetime,never)',
    'page%5Bsize%5D=1001',
    'page%5Bsize%5D=0',
    'sort=name',
    'include=flows',
    'page%5Bcursor%5D=!!',
  ])('are refused for %s', async (query) => {
    expect((await events(query)).status).toBe(400);
  });
});

describe('profiles', () => {
  it('are found by address without regard to case', async () => {
    const filter = encodeURIComponent(
      'any(email,["BUYER1@example.com","buyer2@example.com","nobody@example.com"])',
    );
    const answer = await open.klaviyo('GET', `/api/profiles?filter=${filter}`);
    expect(
      answer.body.data.map((profile: { attributes: { email: string } }) => profile.attributes.email),
    ).toEqual(['buyer1@example.com', 'buyer2@example.com']);
    expect(answer.body.data[0].attributes.subscriptions).toBeUndefined();
  });

  it('show consent only when asked; never subscribed is mailable, suppressed is not', async () => {
    await open.call('POST', '/sandbox/klaviyo/profiles', {
      email: 'buyer1@example.com',
      suppress: 'USER_SUPPRESSED',
    });
    const read = async (email: string): Promise<unknown> => {
      const filter = encodeURIComponent(`equals(email,"${email}")`);
      const answer = await open.klaviyo(
        'GET',
        `/api/profiles?filter=${filter}&additional-fields%5Bprofile%5D=subscriptions`,
      );
      return answer.body.data[0].attributes.subscriptions.email.marketing;
    };
    expect(await read('buyer0@example.com')).toMatchObject({
      consent: 'NEVER_SUBSCRIBED',
      can_receive_email_marketing: true,
    });
    expect(await read('buyer1@example.com')).toMatchObject({ can_receive_email_marketing: false });
  });

  it('are created with 201, updated with 200; null clears and what is absent stays', async () => {
    const upsert = (
      attributes: Record<string, string | null | Record<string, number | null>>,
    ): Promise<Answered> =>
      open.klaviyo('POST', '/api/profile-import', { data: { type: 'profile', attributes } });
    const created = await upsert({
      email: 'new@example.com',
      first_name: 'Ana',
      last_name: 'B',
      properties: { A: 1, B: 2 },
    });
    expect(created.status).toBe(201);
    const updated = await upsert({
      email: 'NEW@example.com',
      first_name: null,
      properties: { B: null, C: 3 },
    });
    expect(updated.status).toBe(200);
    expect(updated.body.data.attributes).toMatchObject({
      first_name: null,
      last_name: 'B',
      properties: { A: 1, C: 3 },
    });
  });

  it('that two identifiers name are a conflict', async () => {
    const upsert = (attributes: Record<string, string>): Promise<Answered> =>
      open.klaviyo('POST', '/api/profile-import', { data: { type: 'profile', attributes } });
    const { id } = (await upsert({ phone_number: '+33612345678' })).body.data;
    const answer = await upsert({ email: 'buyer0@example.com', phone_number: '+33612345678' });
    expect([
      answer.status,
      answer.body.errors[0].code,
      answer.body.errors[0].meta.duplicate_profile_id,
    ]).toEqual([409, 'duplicate_profile', id]);
  });

  it('are erased a little later, and a later event makes them anew', async () => {
    const erase = (attributes: Record<string, string>): Promise<Answered> =>
      open.klaviyo('POST', '/api/data-privacy-deletion-jobs', {
        data: {
          type: 'data-privacy-deletion-job',
          attributes: { profile: { data: { type: 'profile', attributes } } },
        },
      });
    expect((await erase({ email: 'buyer0@example.com', phone_number: '+33612345678' })).status).toBe(400);
    expect((await erase({ email: 'Buyer0@example.com' })).status).toBe(202);
    open.clock.nowMs += 300;
    const filter = encodeURIComponent('equals(email,"buyer0@example.com")');
    expect((await open.klaviyo('GET', `/api/profiles?filter=${filter}`)).body.data).toEqual([]);
    await open.klaviyo('POST', '/api/events', singleEvent({ id: 'e0', email: 'buyer0@example.com' }));
    open.clock.nowMs += 300;
    expect((await open.klaviyo('GET', `/api/profiles?filter=${filter}`)).body.data).toHaveLength(1);
    expect((await open.call('GET', '/sandbox/truth')).body.klaviyo.doubled).toBe(1);
  });
});

describe('aggregates', () => {
  it('count and sum per day without a rounding error', async () => {
    const answer = await open.klaviyo('POST', '/api/metric-aggregates', {
      data: {
        type: 'metric-aggregate',
        attributes: {
          metric_id: await metricId('Placed Order'),
          measurements: ['count', 'sum_value', 'unique'],
          interval: 'day',
          by: ['$value_currency'],
          filter: [
            'greater-or-equal(datetime,2026-11-19T00:00:00)',
            'less-than(datetime,2026-11-21T00:00:00)',
          ],
        },
      },
    });
    expect(answer.body.data.attributes.data).toEqual([
      { dimensions: ['EUR'], measurements: { count: [0, 6], sum_value: [0, 0.6], unique: [0, 3] } },
    ]);
  });
});
