import { describe, expect, it } from '@jest/globals';
import { documents, hasDocument, OfficialDocument, withoutNulls } from './official-documents.fixture.ts';
import { bulkEvents, openSandbox, singleEvent } from './sandbox.fixture.ts';

const forMirakl = hasDocument(documents.mirakl) ? describe : describe.skip;
const forKlaviyo = hasDocument(documents.klaviyo) ? describe : describe.skip;

forMirakl('the Mirakl double shows only what Mirakl documents, and of its type', () => {
  const open = openSandbox({ historyOrders: 1_500 });
  const document = (): OfficialDocument => new OfficialDocument(documents.mirakl, { ignoreRequired: true });

  it.each(['maison-fr', 'techno-us', 'nordmarkt-de'])('in the orders of %s', async (marketplace) => {
    const official = document();
    for (let offset = 0; offset < 300; offset += 100) {
      const { body } = await open.mirakl(marketplace, `?max=100&offset=${offset}`);
      expect(body.orders).toHaveLength(100);
      expect(official.answerProblems('get', '/api/orders', '200', withoutNulls(body))).toEqual([]);
    }
  });

  it.each(['account', 'platform/configuration', 'reasons', 'channels', 'returns'])('in %s', async (path) => {
    const key = { authorization: 'sandbox-maison-fr-key' };
    const { body } = await open.call('GET', `/mirakl/maison-fr/api/${path}`, undefined, key);
    expect(document().answerProblems('get', `/api/${path}`, '200', withoutNulls(body))).toEqual([]);
  });

  it('and the check itself sees a wrong type and an unknown field', () => {
    const wrong = { orders: [{ order_id: 7, colour: 'red' }], total_count: 1 };
    expect(document().answerProblems('get', '/api/orders', '200', wrong).join()).toMatch(
      /order_id.*string|colour/,
    );
  });
});

forKlaviyo('the Klaviyo double answers as Klaviyo documents', () => {
  const document = (): OfficialDocument => new OfficialDocument(documents.klaviyo, { ignoreRequired: false });

  it('refusals: a bad event, a bad bulk request, two profiles, an erasure that names nobody', async () => {
    const official = document();
    const open = openSandbox();
    const check = async (path: string, body: Parameters<typeof open.klaviyo>[2], status: number) => {
      const answer = await open.klaviyo('POST', path, body);
      expect([path, answer.status]).toEqual([path, status]);
      // Seen in practice and not in the document: status and links of each entry, and which other profile a 409 is about.
      const errors = answer.body.errors.map(
        ({ status: _status, meta: _meta, links: _links, ...said }: Record<string, unknown>) => said,
      );
      expect([path, official.answerProblems('post', path, '4XX', { errors })]).toEqual([path, []]);
    };
    const upsert = (attributes: Record<string, string>) => ({ data: { type: 'profile', attributes } });
    await check('/api/events', singleEvent({ id: 'a', time: '1980-01-01T00:00:00Z' }), 400);
    await check('/api/event-bulk-create-jobs', bulkEvents([{ id: 'a' }, { id: 'a' }]), 400);
    await open.klaviyo('POST', '/api/profile-import', upsert({ email: 'a@example.com' }));
    await open.klaviyo(
      'POST',
      '/api/profile-import',
      upsert({ email: 'b@example.com', phone_number: '+33612345678' }),
    );
    const both = upsert({ email: 'a@example.com', phone_number: '+33612345678' });
    await check('/api/profile-import', both, 409);
    const nobody = {
      data: { type: 'data-privacy-deletion-job', attributes: { profile: { data: { type: 'profile' } } } },
    };
    await check('/api/data-privacy-deletion-jobs', nobody, 400);
  });

  it('events, profiles, metrics, accounts, aggregates and upserts', async () => {
    const official = document();
    const open = openSandbox();
    const shapes = ['a', 'b', 'c'].map((id) => ({ id, email: `${id}@example.com` }));
    expect(
      official.bodyProblems('post', '/api/event-bulk-create-jobs', withoutNulls(bulkEvents(shapes))),
    ).toEqual([]);
    expect(official.bodyProblems('post', '/api/events', withoutNulls(singleEvent({ id: 'd' })))).toEqual([]);
    await open.klaviyo('POST', '/api/event-bulk-create-jobs', bulkEvents(shapes));
    open.clock.nowMs += 300;
    const check = async (path: string, query: string): Promise<void> => {
      const { body } = await open.klaviyo('GET', `${path}${query}`);
      expect([path, official.answerProblems('get', path, '200', body)]).toEqual([path, []]);
    };
    await check('/api/events', '?include=metric,profile&page%5Bsize%5D=2');
    await check('/api/metrics', '');
    await check('/api/profiles', '?additional-fields%5Bprofile%5D=subscriptions');
    await check('/api/accounts', '');
    const upsert = await open.klaviyo('POST', '/api/profile-import', {
      data: { type: 'profile', attributes: { email: 'x@example.com' } },
    });
    expect(official.answerProblems('post', '/api/profile-import', '201', upsert.body)).toEqual([]);
    const metrics = await open.klaviyo('GET', '/api/metrics');
    const query = {
      data: {
        type: 'metric-aggregate',
        attributes: {
          metric_id: metrics.body.data[0].id,
          measurements: ['count'],
          filter: [
            'greater-or-equal(datetime,2026-11-01T00:00:00)',
            'less-than(datetime,2026-12-01T00:00:00)',
          ],
        },
      },
    };
    expect(official.bodyProblems('post', '/api/metric-aggregates', query)).toEqual([]);
    const aggregate = await open.klaviyo('POST', '/api/metric-aggregates', query);
    expect(official.answerProblems('post', '/api/metric-aggregates', '200', aggregate.body)).toEqual([]);
  });
});
