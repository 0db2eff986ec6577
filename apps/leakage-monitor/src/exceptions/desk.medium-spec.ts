// real: [HTTP, Kafka, PostgreSQL], double: [the other services, whose words are published by the test]
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import { Compile } from 'typebox/compile';
import { type MonitorFixture, monitorFixture } from '../monitor.fixture.ts';
import { mapped, mapperSaid, orderFact, verified, writerSaid } from '../testing.fixture.ts';
import { BulkResultSchema, RepairPreviewSchema } from './exception-actions.api.ts';
import {
  type Aging,
  AgingSchema,
  type ExceptionItem,
  type Exceptions,
  ExceptionsSchema,
  type ExceptionStory,
  ExceptionStorySchema,
} from './exceptions.api.ts';

// JSON of a shape that the test states.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any;

let fixture: MonitorFixture;
let monitor: Awaited<ReturnType<MonitorFixture['start']>>;

beforeAll(async () => {
  fixture = await monitorFixture();
  monitor = await fixture.start();
}, 60_000);

afterAll(async () => {
  await fixture?.close();
}, 60_000);

const WHY = { why: 'because the test says so' };
const desk = (query = '') => monitor.get<Exceptions>(`/exceptions${query}`);
const of = async (orderKey: string, state = 'all') =>
  (await desk(`?state=${state}&order=${encodeURIComponent(orderKey)}`)).exceptions;
const raisedFor = (orderKey: string) =>
  waitUntil(`an exception of ${orderKey}`, async () => (await of(orderKey, 'active'))[0]);
const act = (one: ExceptionItem, action: string, body: unknown) =>
  monitor.post(`/exceptions/${one.id}/${action}`, body);
const arrived = (commandId: string) =>
  waitUntil('the command to arrive', async (): Promise<Command | undefined> =>
    fixture.commands.find((command) => command.commandId === commandId),
  );

/** An order whose event Klaviyo refused. */
async function failing(orderKey: string, override: Parameters<typeof orderFact>[1] = {}) {
  await fixture.publish(
    orderFact(orderKey, override),
    mapped(orderKey),
    writerSaid(orderKey, 'placed', {
      outcome: 'failed',
      reason: 'klaviyo.rejected',
      detail: 'value is not a number',
    }),
  );
  return raisedFor(orderKey);
}

describe('an exception', () => {
  it('is raised with owner, due time, money and what to do, and resolves itself when the cause goes', async () => {
    const one = await failing('m:E-1');
    expect(one).toMatchObject({
      reason: 'klaviyo.rejected',
      owner: 'platform',
      severity: 'high',
      state: 'open',
      amount: { amount: '49.90', currency: 'EUR' },
      since: '2026-03-02T10:00:10.000Z',
      dueAt: '2026-03-03T10:00:10.000Z',
      overdue: true,
      occurrences: 1,
      runbook: expect.stringContaining('klaviyo'),
    });
    expect(one.actions).toEqual(expect.arrayContaining(['assign', 'accept', 'replay']));
    await fixture.publish(verified('m:E-1'));
    const resolved = await waitUntil('it to resolve itself', async () => {
      const now = (await of('m:E-1')).find(({ id }) => id === one.id);
      return now?.state === 'resolved' && now;
    });
    expect(resolved).toMatchObject({ id: one.id, resolvedBy: 'itself', actions: [] });
    const story = await monitor.get<ExceptionStory>(`/exceptions/${one.id}`);
    expect(Compile(ExceptionStorySchema).Check(story)).toBe(true);
    expect(story.history.map(({ what, by }) => [what, by])).toEqual([
      ['resolved', 'itself'],
      ['raised', 'itself'],
    ]);
  });

  it('comes back marked as reopened when its cause does', async () => {
    const one = await failing('m:E-2');
    await fixture.publish(
      writerSaid('m:E-2', 'placed', { outcome: 'accepted', revision: 2, at: '2026-03-02T11:00:00Z' }),
    );
    await waitUntil('it to resolve itself', async () => (await of('m:E-2'))[0]?.state === 'resolved');
    await fixture.publish(
      writerSaid('m:E-2', 'placed', {
        outcome: 'failed',
        reason: 'klaviyo.rejected',
        revision: 3,
        at: '2026-03-02T12:00:00Z',
      }),
    );
    const again = await raisedFor('m:E-2');
    expect(again).toMatchObject({ id: one.id, occurrences: 2, reopened: true });
    expect((await desk('?reopened=true')).exceptions.map(({ id }) => id)).toContain(one.id);
  });

  it('is not raised for an order that only waits for a moment, but when it stays', async () => {
    // Klaviyo accepted it in March: that is long ago.
    await fixture.publish(
      orderFact('m:E-3'),
      mapped('m:E-3'),
      writerSaid('m:E-3', 'placed', { outcome: 'accepted' }),
      orderFact('m:E-4', { observedAt: new Date().toISOString() }),
      mapped('m:E-4', ['placed'], { at: new Date().toISOString() }),
      writerSaid('m:E-4', 'placed', { outcome: 'accepted', at: new Date().toISOString() }),
    );
    expect(await raisedFor('m:E-3')).toMatchObject({ reason: 'klaviyo.accepted', bucket: 'in_flight' });
    expect(await of('m:E-4')).toEqual([]);
  });

  it('is raised for a sum that lacks a rate while the order goes on', async () => {
    await fixture.publish(
      orderFact('m:E-5'),
      mapped('m:E-5', ['placed'], { reason: 'mapping.no_rate' }),
      verified('m:E-5'),
    );
    expect(await raisedFor('m:E-5')).toMatchObject({ reason: 'mapping.no_rate', owner: 'marketing' });
  });
});

describe('a person at the desk', () => {
  it('assigns, gives back, accepts with a reason, puts aside and takes back, and each is noted', async () => {
    const one = await failing('m:D-1');
    expect((await act(one, 'assign', { assignee: 'ana' })).body).toMatchObject({
      state: 'assigned',
      assignee: 'ana',
    });
    expect((await desk('?assignee=ana')).exceptions.map(({ id }) => id)).toEqual([one.id]);
    expect((await act(one, 'assign', { assignee: null })).body).toMatchObject({
      state: 'open',
      assignee: null,
    });
    expect((await act(one, 'accept', {})).status).toBe(400);
    expect((await act(one, 'accept', WHY)).body).toMatchObject({ state: 'accepted', acceptedWhy: WHY.why });
    expect((await act(one, 'accept', WHY)).status).toBe(409);
    expect((await act(one, 'reopen', {})).body).toMatchObject({ state: 'open', acceptedWhy: null });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await act(one, 'snooze', { until })).body).toMatchObject({
      state: 'snoozed',
      snoozedUntil: until,
    });
    expect((await act(one, 'snooze', { until: '2020-01-01' })).status).toBe(400);
    expect((await act(one, 'resolve', WHY)).body).toMatchObject({ state: 'resolved', resolvedBy: 'local' });
    const { history } = await monitor.get<ExceptionStory>(`/exceptions/${one.id}`);
    expect(history.map(({ what }) => what).reverse()).toEqual([
      'raised',
      'assigned',
      'unassigned',
      'accepted',
      'reopened',
      'snoozed',
      'resolved',
    ]);
    const { entries } = await monitor.get<{
      entries: { action: string; actor: string; why: string | null }[];
    }>(`/audit-log?about=${one.id}`);
    expect(entries[0]).toMatchObject({ action: 'exception.resolved', actor: 'local', why: WHY.why });
    expect(entries).toHaveLength(6);
  });

  it('wakes what was put aside when its time comes', async () => {
    const one = await failing('m:D-2');
    await act(one, 'snooze', { until: new Date(Date.now() + 300).toISOString() });
    expect(await raisedFor('m:D-2')).toMatchObject({ id: one.id, state: 'open', snoozedUntil: null });
  });

  it('keeps an accepted gap accepted when the same is said again, and resolves it when it is gone', async () => {
    const one = await failing('m:D-3');
    await act(one, 'accept', WHY);
    await fixture.publish(
      writerSaid('m:D-3', 'placed', {
        outcome: 'failed',
        reason: 'klaviyo.rejected',
        revision: 2,
        at: '2026-03-05T00:00:00Z',
      }),
      verified('m:D-3-LAST'),
      orderFact('m:D-3', { revision: 2, amount: { amount: '10.00', currency: 'EUR' } }),
    );
    await waitUntil('the new amount', async () => (await of('m:D-3'))[0]?.amount?.amount === '10.00');
    expect((await of('m:D-3'))[0]).toMatchObject({ id: one.id, state: 'accepted' });
  });

  it('answers 404 for an exception that does not exist', async () => {
    expect((await monitor.post('/exceptions/nobody/accept', WHY)).status).toBe(404);
    expect((await monitor.post('/exceptions/nobody/replay', WHY)).status).toBe(404);
  });
});

describe('a replay', () => {
  it('runs the failed step only, once; a second is refused unless forced with a reason', async () => {
    const one = await failing('m:R-1');
    const preview = await act(one, 'replay', { ...WHY, preview: true });
    expect(Compile(RepairPreviewSchema).Check(preview.body)).toBe(true);
    expect(preview.body).toMatchObject({
      what: 'replay',
      stage: 'writer',
      commandId: null,
      alreadyReplayedAt: null,
    });
    const sent = await act(one, 'replay', WHY);
    expect(await arrived(sent.body.commandId)).toMatchObject({
      type: 'replay',
      orderKey: 'm:R-1',
      stage: 'writer',
      requestedBy: 'local',
      why: WHY.why,
    });
    const second = await act(one, 'replay', WHY);
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'already_replayed' } } });
    expect((await act(one, 'replay', { force: true })).status).toBe(400);
    const forced = await act(one, 'replay', { ...WHY, force: true });
    await arrived(forced.body.commandId);
    expect(forced.body.commandId).not.toBe(sent.body.commandId);
    expect((await of('m:R-1'))[0]?.lastReplay).toMatchObject({ by: 'local', what: 'replay' });
  });

  it('is one of two at the same time', async () => {
    const one = await failing('m:R-2');
    const answers = await Promise.all([1, 2, 3].map(() => act(one, 'replay', WHY)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('by the order is the same replay', async () => {
    await failing('m:R-3');
    const path = `/orders/${encodeURIComponent('m:R-3')}/replay`;
    expect((await monitor.post(path, { ...WHY, preview: true })).body).toMatchObject({ stage: 'writer' });
    expect((await monitor.post(path, WHY)).status).toBe(202);
    expect((await monitor.post(path, WHY)).status).toBe(409);
    await fixture.publish(orderFact('m:R-4'), mapped('m:R-4'), verified('m:R-4'));
    await waitUntil(
      'the order',
      async () => (await monitor.get<Answer>('/orders?query=R-4')).orders.length === 1,
    );
    expect((await monitor.post(`/orders/${encodeURIComponent('m:R-4')}/replay`, WHY)).body).toMatchObject({
      error: { code: 'nothing_to_replay' },
    });
  });

  it('has nothing to run where an address is missing', async () => {
    await fixture.publish(
      orderFact('m:R-5'),
      mapperSaid('m:R-5', { outcome: 'uncaptured', reason: 'contact.relay' }),
    );
    const one = await raisedFor('m:R-5');
    expect(one.actions).toContain('claim');
    expect(await act(one, 'replay', WHY)).toMatchObject({
      status: 409,
      body: { error: { code: 'nothing_to_replay' } },
    });
  });
});

describe('many at once', () => {
  const filter = { marketplace: 'n', reason: 'klaviyo.rejected' };

  it('are previewed, done as previewed, and refused when they are others by now', async () => {
    await Promise.all(['n:B-1', 'n:B-2', 'n:B-3'].map((key) => failing(key)));
    const preview = await monitor.post('/exceptions/bulk/replay', { filter, ...WHY, preview: true });
    expect(Compile(BulkResultSchema).Check(preview.body)).toBe(true);
    expect(preview.body).toMatchObject({
      preview: true,
      selected: 3,
      changed: 3,
      commands: 3,
      left: [],
      groups: [
        {
          reason: 'klaviyo.rejected',
          marketplaceId: 'n',
          exceptions: 3,
          orders: 3,
          money: { EUR: '149.70' },
        },
      ],
    });
    expect(await monitor.post('/exceptions/bulk/replay', { filter, ...WHY, expected: 2 })).toMatchObject({
      status: 409,
    });
    const [first] = await of('n:B-1');
    await monitor.post(`/exceptions/${first?.id}/replay`, WHY);
    const done = await monitor.post('/exceptions/bulk/replay', { filter, ...WHY, expected: 2 });
    expect(done.body).toMatchObject({
      changed: 2,
      commands: 2,
      left: [{ why: 'it was replayed already; a second time needs force', exceptions: 1 }],
    });
    await waitUntil(
      'every command to arrive once',
      () =>
        fixture.commands.filter((command) => command.type === 'replay' && command.orderKey.startsWith('n:B-'))
          .length === 3,
    );
  });

  it('are assigned and accepted, one reason for all', async () => {
    const assigned = await monitor.post('/exceptions/bulk/assign', { filter, assignee: 'ben' });
    expect(assigned.body).toMatchObject({ changed: 3 });
    const [one] = await of('n:B-2');
    const ids = [one?.id ?? ''];
    expect((await monitor.post('/exceptions/bulk/accept', { ids, ...WHY })).body).toMatchObject({
      changed: 1,
    });
    expect((await monitor.post('/exceptions/bulk/accept', { filter, ids, ...WHY })).status).toBe(400);
    expect((await desk('?marketplace=n&state=accepted')).exceptions.map(({ orderKey }) => orderKey)).toEqual([
      'n:B-2',
    ]);
  });
});

describe('the desk', () => {
  it('groups by reason and marketplace with count and money, and pages by due time', async () => {
    const first = await desk('?reason=klaviyo.rejected&limit=3');
    expect(Compile(ExceptionsSchema).Check(first)).toBe(true);
    const n = first.groups.find(({ marketplaceId }) => marketplaceId === 'n');
    expect(n).toMatchObject({
      exceptions: 2,
      orders: 2,
      money: { EUR: '99.80' },
      overdueCount: 2,
      unassigned: 0,
    });
    const keys: (string | null)[] = [];
    for (
      let page = first;
      ;
      page = await desk(`?reason=klaviyo.rejected&limit=3&cursor=${page.nextCursor}`)
    ) {
      keys.push(...page.exceptions.map(({ orderKey }) => orderKey));
      if (page.nextCursor === null) break;
    }
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(first.groups.reduce((sum, group) => sum + group.exceptions, 0));
    await expect(desk('?cursor=made-up')).rejects.toThrow('400');
  });

  it('shows amount and count by age', async () => {
    const aging = await monitor.get<Aging>('/exceptions/aging?reason=klaviyo.rejected&marketplace=n');
    expect(Compile(AgingSchema).Check(aging)).toBe(true);
    expect(aging.rows).toHaveLength(1);
    expect(aging.rows[0]).toMatchObject({ owner: 'platform' });
    const cells = aging.rows[0]?.cells ?? [];
    expect(cells.map(({ exceptions }) => exceptions)).toEqual([0, 0, 0, 0, 2]);
    expect(cells.at(-1)?.money).toEqual({ EUR: '99.80' });
  });
});
