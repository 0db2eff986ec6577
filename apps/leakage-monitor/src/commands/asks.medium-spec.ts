// real: [HTTP, Kafka, PostgreSQL], double: [the other services, whose words are published by the test]
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buyerIdOf, type Command } from '@watertight/contracts';
import { waitUntil } from '@watertight/testing';
import { BUYER_ID_KEY, type MonitorFixture, monitorFixture } from '../monitor.fixture.ts';
import { mapped, mapperSaid, orderFact, verified } from '../testing.fixture.ts';

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
const known = (orderKey: string) =>
  waitUntil(`the mapper's word on ${orderKey}`, async () => {
    const path = `/orders?query=${encodeURIComponent(orderKey)}&reason=contact.absent`;
    return (await monitor.get<Answer>(path)).orders.length === 1;
  });
const arrived = (commandId: string) =>
  waitUntil('the command to arrive', async (): Promise<Command | undefined> =>
    fixture.commands.find((command) => command.commandId === commandId),
  );

describe('contact claims', () => {
  it('by table say first what will match, then send one claim per order, and keep no address', async () => {
    const uncaptured = ['m:C-1', 'm:C-2', 'n:C-2', 'm:C-9'];
    await fixture.publish(
      ...uncaptured.flatMap((key) => [
        orderFact(key),
        mapperSaid(key, { outcome: 'uncaptured', reason: 'contact.absent' }),
      ]),
    );
    for (const key of uncaptured) await known(key);
    const csv = [
      'Order;Email;Source',
      'c-1;Jane.Doe@Example.com;call',
      'C-2;a@example.com;',
      'm:C-2;a@example.com;',
      'NOPE;b@example.com;',
      'C-1;other@example.com;',
      'n:C-2;not an address;',
    ].join('\n');
    const request = { csv, source: 'customer service, April' };
    const preview = await monitor.post('/contact-claims', { ...request, preview: true });
    expect(preview.body.lines.map((line: { result: string }) => line.result)).toEqual([
      'matched',
      'several_marketplaces',
      'matched',
      'no_such_order',
      'repeated',
      'bad_address',
    ]);
    expect(preview.body).toMatchObject({ matched: 2, unmatched: 4, money: { EUR: '99.80' } });
    expect((await monitor.get<Answer>('/contact-claims')).claims).toEqual([]);
    const sent = await monitor.post('/contact-claims', request);
    expect(sent.status).toBe(202);
    const claim = await waitUntil('the claim to arrive', () =>
      fixture.commands.find((command) => command.type === 'claim' && command.orderKey === 'm:C-1'),
    );
    expect(claim).toMatchObject({ email: 'jane.doe@example.com', source: 'call', requestedBy: 'local' });
    const list = await waitUntil('both to be sent', async () => {
      const { claims } = await monitor.get<Answer>('/contact-claims?state=sent');
      return claims.length === 2 && claims;
    });
    expect(list.map((one: { orderKey: string }) => one.orderKey).sort()).toEqual(['m:C-1', 'm:C-2']);
    const kept = await monitor.database.query(
      `select t::text from contact_claim t union all select t::text from sent_command t union all select t::text from audit_entry t`,
    );
    expect(JSON.stringify(kept).toLowerCase()).not.toContain('@example.com');
    await fixture.publish(
      mapped('m:C-1', ['placed'], { revision: 2, at: '2026-03-09T00:00:00Z' }),
      verified('m:C-1'),
    );
    await waitUntil(
      'the claim to have recovered its order',
      async () => (await monitor.get<Answer>('/contact-claims?state=recovered')).claims.length === 1,
    );
  });

  it('refuse a table without the columns, without quoting it', async () => {
    const answer = await monitor.post('/contact-claims', { csv: 'who,secret@example.com\n1,2', source: 's' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

describe('an address', () => {
  it('is shown masked, revealed with a reason, and that is in the audit log', async () => {
    const contacts = [{ field: 'customer_notification_email', value: 'jane@example.com' }];
    await fixture.publish(orderFact('m:A-1', { buyer: { ...orderFact('m:A-1').buyer, contacts } }));
    const path = `/orders/${encodeURIComponent('m:A-1')}`;
    const story = await waitUntil('the order', () => monitor.get<Answer>(path).catch(() => undefined));
    expect(story.contacts).toEqual([{ field: 'customer_notification_email', masked: 'j***@e***.com' }]);
    expect((await monitor.post(`${path}/reveal`, {})).status).toBe(400);
    const shown = await monitor.post(`${path}/reveal`, WHY);
    expect(shown.body.contacts).toEqual([
      { field: 'customer_notification_email', address: 'jane@example.com' },
    ]);
    const { entries } = await monitor.get<Answer>('/audit-log?action=contact.revealed');
    expect(entries[0]).toMatchObject({ about: 'm:A-1', actor: 'local', why: WHY.why });
  });

  it('is revealed at most twenty times a minute', async () => {
    const path = `/orders/${encodeURIComponent('m:A-1')}/reveal`;
    const statuses = new Set<number>();
    for (let n = 0; n < 21; n += 1) statuses.add((await monitor.post(path, WHY)).status);
    expect([...statuses]).toEqual([200, 429]);
    expect((await monitor.post(path, WHY)).body).toMatchObject({ error: { code: 'too_many_calls' } });
  });
});

describe('an erasure', () => {
  const buyerId = buyerIdOf('gone@example.com', BUYER_ID_KEY);

  it('names the buyer by the keyed hash, tells the services, forgets the address here, and waits for receipts', async () => {
    const stated = [{ field: 'customer_notification_email', value: 'gone@example.com' }];
    await fixture.publish(
      orderFact('m:X-1', { buyer: { ...orderFact('m:X-1').buyer, contacts: stated } }),
      mapped('m:X-1', ['placed'], { buyerId }),
    );
    await waitUntil(
      'the buyer to be known',
      async () => (await monitor.post('/buyers/find', { email: ' Gone@Example.com ' })).body?.orders === 1,
    );
    // The order itself comes over another topic than the word that names its buyer.
    const contacts = () => monitor.database.query(`select 1 from order_contact where order_key = 'm:X-1'`);
    await waitUntil('the address to be kept', async () => (await contacts()).length === 1);
    const ask = { email: 'GONE@example.com', why: 'asked by letter' };
    expect((await monitor.post('/erasures', { ...ask, preview: true })).body).toMatchObject({
      buyerId,
      orders: 1,
    });
    const sent = await monitor.post('/erasures', ask);
    expect(sent).toMatchObject({ status: 202, body: { buyerId } });
    expect(await arrived(sent.body.commandId)).toMatchObject({
      type: 'erase',
      buyerId,
      email: 'gone@example.com',
    });
    expect(await contacts()).toEqual([]);
    const receipts = await waitUntil("the monitor's own receipt", async () => {
      const { erasures } = await monitor.get<Answer>('/erasures');
      return erasures[0]?.receipts.length === 1 && erasures[0];
    });
    expect(receipts).toMatchObject({ complete: false, waitingFor: ['mapper', 'writer'] });
    await fixture.publish(
      ...(['mapper', 'writer'] as const).map((stage) => ({
        kind: 'erasure_receipt' as const,
        outcomeId: `${stage}:erasure:${buyerId}`,
        buyerId,
        stage,
        at: '2026-03-09T00:00:00Z',
        done: true,
        detail: 'done',
      })),
    );
    await waitUntil(
      'it to be complete',
      async () => (await monitor.get<Answer>('/erasures')).erasures[0].complete,
    );
    const kept = await monitor.database.query(`select t::text from sent_command t where type = 'erase'`);
    expect(JSON.stringify(kept)).not.toContain('example.com');
  });

  it('by an order needs an order whose buyer is known', async () => {
    expect((await monitor.post('/erasures', { orderKey: 'm:NOPE', ...WHY })).status).toBe(404);
    expect((await monitor.post('/erasures', { orderKey: 'm:C-9', ...WHY })).status).toBe(404);
    expect(
      (await monitor.post('/erasures', { orderKey: 'm:X-1', ...WHY, preview: true })).body,
    ).toMatchObject({ buyerId });
    expect((await monitor.post('/erasures', WHY)).status).toBe(400);
  });
});

describe('backfills', () => {
  it('are asked for, shown until mirakl-ingest speaks of them and then as it says, and controlled', async () => {
    const ask = { marketplaceId: 'm', from: '2025-01-01', to: '2025-12-31', dryRun: true };
    expect((await monitor.post('/backfills', { ...ask, marketplaceId: 'nobody' })).status).toBe(404);
    expect((await monitor.post('/backfills', { ...ask, from: '2099-01-01', to: '2099-01-02' })).status).toBe(
      400,
    );
    const started = await monitor.post('/backfills', ask);
    expect(started.status).toBe(202);
    const { backfillId } = started.body;
    expect(await arrived(backfillId)).toMatchObject({
      type: 'backfill',
      from: '2025-01-01T00:00:00.000Z',
      dryRun: true,
    });
    expect((await monitor.get<Answer>('/backfills')).backfills).toMatchObject([
      { backfillId, state: 'requested' },
    ]);
    await fixture.publish({
      kind: 'backfill',
      outcomeId: `${backfillId}:running:2026-03-09T00:00:00Z`,
      backfillId,
      marketplaceId: 'm',
      at: '2026-03-09T00:00:00Z',
      state: 'running',
      dryRun: true,
      from: '2025-01-01T00:00:00Z',
      to: '2025-12-31T23:59:59Z',
      requestedBy: 'local',
      startedAt: '2026-03-09T00:00:00Z',
      ordersTotal: 10,
      ordersSeen: 4,
      ordersPublished: 0,
      money: [{ amount: '1.00', currency: 'EUR' }],
      klaviyoSeconds: 3,
      finishesAt: null,
      route: 'export',
      detail: null,
    });
    const [running] = await waitUntil('its progress', async () => {
      const { backfills } = await monitor.get<Answer>('/backfills');
      return backfills[0]?.state === 'running' && backfills;
    });
    expect(running).toMatchObject({ ordersSeen: 4, actions: ['pause', 'cancel'] });
    expect((await monitor.post(`/backfills/${encodeURIComponent(backfillId)}/resume`, {})).status).toBe(409);
    expect((await monitor.post(`/backfills/${encodeURIComponent(backfillId)}/pause`, {})).status).toBe(202);
    await waitUntil('the control to arrive', () =>
      fixture.commands.find((command) => command.type === 'backfill_control' && command.action === 'pause'),
    );
  });
});

describe('commands about orders and marketplaces', () => {
  it.each([
    ['/orders/m%3AC-9/refetch', { type: 'refetch', orderKey: 'm:C-9' }],
    ['/orders/m%3AC-9/verify', { type: 'verify', orderKey: 'm:C-9' }],
    ['/marketplaces/m/check', { type: 'check', marketplaceId: 'm' }],
    ['/marketplaces/m/reevaluate', { type: 'reevaluate', marketplaceId: 'm' }],
    ['/marketplaces/m/sweep', { type: 'sweep', marketplaceId: 'm' }],
  ])('%s is previewed and sent', async (path, expected) => {
    const preview = await monitor.post(path, { ...WHY, preview: true });
    expect(preview).toMatchObject({ status: 202, body: { preview: true, commandId: null } });
    const sent = await monitor.post(path, WHY);
    expect(await arrived(sent.body.commandId)).toMatchObject(expected);
  });

  it('are refused about what nobody knows', async () => {
    expect((await monitor.post('/orders/m%3ANOPE/refetch', WHY)).status).toBe(404);
    expect((await monitor.post('/marketplaces/nobody/sweep', WHY)).status).toBe(404);
  });
});
