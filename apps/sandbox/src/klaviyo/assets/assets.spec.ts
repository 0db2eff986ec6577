import { describe, expect, it } from '@jest/globals';
import { documents, hasDocument, OfficialDocument, withoutNulls } from '../../official-documents.fixture.ts';
import { klaviyoHeaders, openSandbox, type Answered, type OpenSandbox } from '../../sandbox.fixture.ts';

const forKlaviyo = hasDocument(documents.klaviyo) ? describe : describe.skip;

const definition = {
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-property',
          property: "properties['Marketplace Orders']",
          filter: { type: 'numeric', operator: 'greater-than-or-equal', value: 1 },
        },
      ],
    },
  ],
};
const segment = { data: { type: 'segment', attributes: { name: 'Buyers', definition } } };
const template = {
  data: { type: 'template', attributes: { name: 'Confirmation', editor_type: 'CODE', html: '<p>Hello</p>' } },
};

function patch(open: OpenSandbox, path: string, body: object): Promise<Answered> {
  return open.call('PATCH', `/klaviyo${path}`, JSON.stringify(body), klaviyoHeaders);
}

describe('segments and templates of the Klaviyo double', () => {
  it('keeps what was created and changes only what a patch names', async () => {
    const open = openSandbox();
    const made = await open.klaviyo('POST', '/api/segments', segment);
    expect([made.status, made.body.data.attributes.name]).toEqual([201, 'Buyers']);
    const id: string = made.body.data.id;
    open.clock.nowMs += 2_000;
    const changed = await patch(open, `/api/segments/${id}`, {
      data: { type: 'segment', id, attributes: { name: 'Buyers, all' } },
    });
    expect(changed.body.data.attributes).toMatchObject({ name: 'Buyers, all', definition });
  });

  it('shows pages of ten and finds by name', async () => {
    const open = openSandbox({
      klaviyo: { quota: 'off', storeDelayMs: 0, bulkRefusesStored: true, keep: 'full', namesEntries: true },
    });
    for (let n = 0; n < 12; n += 1) {
      await open.klaviyo('POST', '/api/templates', {
        data: { ...template.data, attributes: { ...template.data.attributes, name: `T${n}` } },
      });
    }
    const first = await open.klaviyo('GET', '/api/templates');
    expect(first.body.data).toHaveLength(10);
    const second = await open.klaviyo(
      'GET',
      `/api/templates?page%5Bcursor%5D=${encodeURIComponent(first.body.links.next)}`,
    );
    expect(second.body.data).toHaveLength(2);
    const named = await open.klaviyo(
      'GET',
      `/api/templates?filter=${encodeURIComponent('equals(name,"T3")')}`,
    );
    expect(named.body.data.map((each: { attributes: object }) => each.attributes)).toMatchObject([
      { name: 'T3' },
    ]);
  });

  it.each([
    ['an operator that numbers do not have', { type: 'numeric', operator: 'contains', value: 1 }],
    ['a number that is a text', { type: 'numeric', operator: 'equals', value: '1' }],
    ['a span without its unit', { type: 'date', operator: 'in-the-last', quantity: 30 }],
    ['a filter of no known type', { type: 'colour', operator: 'equals', value: 'red' }],
  ])('refuses %s', async (_what, filter) => {
    const open = openSandbox();
    const conditions = [{ type: 'profile-property', property: "properties['X']", filter }];
    const { status, body } = await open.klaviyo('POST', '/api/segments', {
      data: {
        type: 'segment',
        attributes: { name: 'X', definition: { condition_groups: [{ conditions }] } },
      },
    });
    expect([status, body.errors[0].source.pointer]).toEqual([
      400,
      expect.stringContaining('/data/attributes/definition/condition_groups/0/conditions/0/filter'),
    ]);
  });

  it('lets one segment be written a second, as the quota of Klaviyo does', async () => {
    const open = openSandbox();
    await open.klaviyo('POST', '/api/segments', segment);
    expect((await open.klaviyo('POST', '/api/segments', segment)).status).toBe(429);
  });

  it('wants the scope of the call', async () => {
    const open = openSandbox();
    const narrow = { ...klaviyoHeaders, authorization: 'Klaviyo-API-Key pk_sandbox_narrow' };
    const { status, body } = await open.call('POST', '/klaviyo/api/segments', segment, narrow);
    expect([status, body.errors[0].detail]).toEqual([403, expect.stringContaining('segments:write')]);
  });

  it('forgets all of them at a reset', async () => {
    const open = openSandbox();
    await open.klaviyo('POST', '/api/segments', segment);
    await open.call('POST', '/sandbox/reset');
    expect((await open.klaviyo('GET', '/api/segments')).body.data).toEqual([]);
  });
});

forKlaviyo('the double answers about segments and templates as Klaviyo documents', () => {
  it.each([
    ['segments', segment],
    ['templates', template],
  ])('%s', async (kind, body) => {
    const official = new OfficialDocument(documents.klaviyo, { ignoreRequired: false });
    const open = openSandbox();
    expect(official.bodyProblems('post', `/api/${kind}`, body)).toEqual([]);
    const made = await open.klaviyo('POST', `/api/${kind}`, body);
    expect(official.answerProblems('post', `/api/${kind}`, '201', withoutNulls(made.body))).toEqual([]);
    const list = await open.klaviyo('GET', `/api/${kind}`);
    expect(official.answerProblems('get', `/api/${kind}`, '200', withoutNulls(list.body))).toEqual([]);
    const id: string = made.body.data.id;
    const one = await open.klaviyo('GET', `/api/${kind}/${id}`);
    expect(official.answerProblems('get', `/api/${kind}/{id}`, '200', withoutNulls(one.body))).toEqual([]);
  });
});
