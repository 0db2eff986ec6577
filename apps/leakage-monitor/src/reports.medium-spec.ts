// real: [Kafka, PostgreSQL, HTTP], double: [the other services: their messages are published by the test]
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@watertight/testing';
import readWorkbook from 'read-excel-file/node';
import { Compile } from 'typebox/compile';
import type { TSchema } from 'typebox';
import {
  type CampaignCheck,
  CampaignCheckSchema,
  type MissingOrders,
} from './campaign-check/campaign-check.api.ts';
import type { Definitions } from './definitions.api.ts';
import { type Finance, type FinanceOrders, FinanceSchema, type RefundChecks } from './finance/finance.api.ts';
import {
  type MarketplaceDetail,
  MarketplaceDetailSchema,
  type Marketplaces,
  MarketplacesSchema,
} from './marketplaces/marketplaces.api.ts';
import { ConsentsStore } from './marketplaces/consents.store.ts';
import { type MonitorFixture, monitorFixture, TOKEN } from './monitor.fixture.ts';
import { mapped, mapperSaid, orderFact, pollCompleted, refundFact, verified } from './testing.fixture.ts';
import { finding, settings, transaction, unknownValue } from './words.fixture.ts';
import { type Flow, FlowSchema, type Trend, TrendSchema } from './trend/trend.api.ts';

let fixture: MonitorFixture;
let monitor: Awaited<ReturnType<MonitorFixture['start']>>;

const HOUR_MS = 3_600_000;
const at = (agoMs: number) => new Date(Date.now() - agoMs).toISOString().replace(/\.\d+Z$/, 'Z');
const now = at(0);
const line = (sku: string) => ({
  lineId: `${sku}-1`,
  state: 'SHIPPING',
  sku,
  productSku: null,
  title: null,
  categoryCode: null,
  categoryLabel: null,
  quantity: 1,
  unitPrice: null,
  amount: null,
  imageUrl: null,
  shippedAt: null,
  receivedAt: null,
  additionalFields: [],
});
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const lastYear = { createdAt: '2025-03-31T21:30:00Z' };

/** Written down by hand: 3 orders of March 2025 in Paris, one of April (it was past midnight there), and 2 of now. */
const told = [
  orderFact('m:A-1', {
    ...lastYear,
    amount: eur('80.00'),
    amountOrdered: eur('100.00'),
    amountWithoutTax: eur('66.67'),
  }),
  mapped('m:A-1', ['placed'], { contactClass: 'direct', country: 'FR', buyerId: 'a'.repeat(64) }),
  refundFact('m:A-1', 'R-1', { amount: eur('10.00'), completedAt: '2025-04-02T09:00:00Z' }),
  verified('m:A-1'),
  orderFact('m:A-2', { ...lastYear, amount: eur('49.90') }),
  mapperSaid('m:A-2', { outcome: 'uncaptured', reason: 'contact.relay', contactClass: 'relay' }),
  orderFact('m:A-3', { ...lastYear, state: 'REFUSED', amount: eur('500.00') }),
  mapperSaid('m:A-3', { outcome: 'not_a_sale', reason: 'mapping.refused' }),
  orderFact('m:A-4', { createdAt: '2025-03-31T22:30:00Z', amount: eur('20.00') }),
  mapped('m:A-4', ['placed'], { contactClass: 'direct', country: 'FR' }),
  verified('m:A-4'),
  orderFact('m:B-1', { createdAt: at(2 * HOUR_MS), amount: eur('30.00'), lines: [line('BOOT')] }),
  mapperSaid('m:B-1', { outcome: 'uncaptured', reason: 'contact.relay', contactClass: 'relay', revision: 1 }),
  mapped('m:B-1', ['placed'], { contactClass: 'direct', country: 'FR', revision: 2, at: at(HOUR_MS) }),
  { ...verified('m:B-1'), at: at(HOUR_MS / 2) },
  orderFact('m:B-2', { createdAt: at(HOUR_MS), amount: eur('40.00'), lines: [line('BOOT'), line('SOCK')] }),
  mapped('m:B-2', ['placed'], { contactClass: 'direct', country: 'DE' }),
  transaction('m', 'R-1', { orderKey: 'm:A-1', amount: eur('-9.00') }),
  settings('m', { currency: 'EUR', taxMode: 'TAX_INCLUDED' }),
  finding('m', 'api_key', 'problem'),
  finding('m', 'tax_mode', 'ok'),
  unknownValue('m', 'order_state', 'TELEPORTED', 3),
  pollCompleted('m', {}, { at: now, startedAt: now }),
  pollCompleted('n', {}, { at: now, startedAt: now }),
];

beforeAll(async () => {
  fixture = await monitorFixture();
  monitor = await fixture.start();
  await fixture.publish(...told);
  await waitUntil('everything to be folded', async () => {
    const { marketplaces } = await monitor.get<Marketplaces>('/marketplaces');
    const m = marketplaces.find(({ id }) => id === 'm');
    const { links } = await monitor.get<Flow>('/flow');
    const flowing = links.filter(
      ({ bucket, contactClass }) => bucket === 'verified' && contactClass === 'direct',
    );
    return (
      m?.orders.orders === 6 &&
      m.lastPoll !== null &&
      flowing[0]?.orders === 3 &&
      m.unknownValues.length === 1
    );
  });
}, 90_000);

afterAll(async () => {
  await fixture?.close();
}, 60_000);

async function raw(path: string): Promise<Response> {
  const response = await fetch(`${monitor.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(response.status).toBe(200);
  return response;
}

async function checked<T>(schema: TSchema, path: string): Promise<T> {
  const answer = await monitor.get<T>(path);
  expect([...Compile(schema).Errors(answer)]).toEqual([]);
  return answer;
}

describe('reports of a monitor that follows a marketplace', () => {
  it('reconciles months in the time zone of the marketplace, to the cent', async () => {
    const finance = await checked<Finance>(FinanceSchema, '/finance?from=2025-03&to=2025-04');
    expect(finance.rows).toEqual([
      expect.objectContaining({
        marketplaceId: 'm',
        month: '2025-03',
        orders: 2,
        sales: '149.90',
        cancelations: '20.00',
        refunds: '10.00',
        net: '119.90',
        delivered: '70.00',
        difference: '49.90',
        withoutTax: '66.67',
        withoutTaxUnknown: 1,
        refundsBooked: '0.00',
        notDelivered: [expect.objectContaining({ reason: 'contact.relay', orders: 1, net: '49.90' })],
      }),
      expect.objectContaining({
        month: '2025-04',
        orders: 1,
        net: '20.00',
        difference: '0.00',
        refundsBooked: '10.00',
        transactions: { allowed: true, matched: 0, missing: 0, different: 1 },
      }),
    ]);
    expect(finance.totals).toEqual([expect.objectContaining({ currency: 'EUR', orders: 3, net: '139.90' })]);
  });

  it('drills down to the orders of a month, page by page', async () => {
    const keys: string[] = [];
    let cursor: string | null = '';
    let net = 0;
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: FinanceOrders = await monitor.get(
        `/finance/orders?marketplace=m&month=2025-03&limit=2${more}`,
      );
      keys.push(...page.orders.map(({ orderKey }) => orderKey));
      net += page.orders.reduce((sum, order) => sum + Number(order.net ?? 0), 0);
      cursor = page.nextCursor;
    }
    expect(keys).toEqual(['m:A-3', 'm:A-2', 'm:A-1']);
    expect(net.toFixed(2)).toBe('119.90');
  });

  it("holds refunds against Mirakl's transaction log", async () => {
    const { refunds, allowed } = await monitor.get<RefundChecks>(
      '/finance/refunds?marketplace=m&month=2025-04',
    );
    expect(allowed).toBe(true);
    expect(refunds).toEqual([
      expect.objectContaining({ refundId: 'R-1', result: 'different', difference: eur('1.00') }),
    ]);
    expect((await monitor.get<RefundChecks>('/finance/refunds?marketplace=n&month=2025-04')).allowed).toBe(
      false,
    );
  });

  it('exports what it shows: CSV and a workbook that adds up', async () => {
    const csv = await raw('/finance/export.csv?from=2025-03&to=2025-04');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="finance-2025-03-2025-04.csv"');
    const lines = (await csv.text()).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('149.90,20.00,10.00,119.90,70.00,49.90');
    const xlsx = await raw('/finance/export.xlsx?from=2025-03&to=2025-04');
    const bytes = Buffer.from(await xlsx.arrayBuffer());
    const workbook = await readWorkbook(bytes);
    const sheet = (name: string) => workbook.find((one) => one.sheet === name)?.data ?? [];
    const [header, ...rows] = sheet('Finance');
    const column = header?.indexOf('Net') ?? -1;
    expect(rows.map((row) => row[column])).toEqual([119.9, 20]);
    const [, refund] = sheet('Refund check');
    expect(refund?.slice(0, 2)).toEqual(['m:A-1', 'R-1']);
  });

  it('says what a campaign would miss, and exports it', async () => {
    const check = await checked<CampaignCheck>(
      CampaignCheckSchema,
      `/campaign-check?channel=Maison&sku=BOOT`,
    );
    expect(check).toMatchObject({
      ready: false,
      total: { orders: 2 },
      arrived: { orders: 1, money: { EUR: '30.00' } },
    });
    expect(check.missing).toEqual([
      expect.objectContaining({ bucket: 'in_flight', blocking: true, orders: 1, money: { EUR: '40.00' } }),
    ]);
    const missing = await monitor.get<MissingOrders>(
      '/campaign-check/missing?channel=Maison&owner=marketing',
    );
    expect(missing.orders.map(({ orderKey }) => orderKey)).toEqual(['m:A-2']);
    const csv = await (await raw('/campaign-check/missing.csv?channel=Maison')).text();
    expect(csv.split('\r\n')).toHaveLength(4);
    await expect(monitor.get('/campaign-check?channel=Unheard')).rejects.toThrow('404');
    await expect(monitor.get('/campaign-check?chanel=Maison')).rejects.toThrow('400');
  });

  it('is ready when all who can be reached are in', async () => {
    const until = at(1.5 * HOUR_MS);
    const check = await monitor.get<CampaignCheck>(`/campaign-check?channel=Maison&to=${until}`);
    expect(check).toMatchObject({
      ready: true,
      verdict: 'Ready: every order that can be reached is in; 1 cannot be reached and will not be by waiting',
    });
  });

  it('shows where orders went, the same orders as the balance', async () => {
    const { links } = await checked<Flow>(FlowSchema, '/flow');
    expect(links.map(({ contactClass, bucket, orders }) => [contactClass, bucket, orders])).toEqual([
      ['unknown', 'not_a_sale', 1],
      ['direct', 'in_flight', 1],
      ['direct', 'verified', 3],
      ['relay', 'uncaptured_contact', 1],
    ]);
    // The same through the edges of a range that is no whole day.
    const part = await monitor.get<Flow>('/flow?from=2025-03-31T21:00:00Z&to=2025-03-31T22:00:00Z');
    expect(part.links.reduce((sum, { orders }) => sum + orders, 0)).toBe(3);
  });

  it('tells the weeks, and which orders were recovered', async () => {
    const { weeks } = await checked<Trend>(TrendSchema, '/trend?marketplace=m');
    expect(weeks).toHaveLength(12);
    const sum = (pick: (week: Trend['weeks'][number]) => number) =>
      weeks.reduce((total, week) => total + pick(week), 0);
    expect(sum(({ captured }) => captured.orders)).toBe(2);
    expect(sum(({ recovered }) => recovered.orders)).toBe(1);
    expect(weeks.flatMap(({ recovered }) => Object.values(recovered.money))).toEqual(['30.00']);
  });

  it('describes each source: policy, settings, findings, unknown values, contact quality, consent', async () => {
    const { marketplaces } = await checked<Marketplaces>(MarketplacesSchema, '/marketplaces');
    expect(marketplaces.find(({ id }) => id === 'm')).toMatchObject({
      health: 'fresh',
      staleSince: null,
      pollFloorMs: 60_000,
      policy: {
        contactUse: 'direct_only',
        timezone: 'Europe/Paris',
        owners: { marketing: 'marketing@example.com' },
      },
      settings: { currency: 'EUR', taxMode: 'TAX_INCLUDED' },
      findings: [
        { check: 'api_key', result: 'problem' },
        { check: 'tax_mode', result: 'ok' },
      ],
      unknownValues: [{ field: 'order_state', value: 'TELEPORTED', count: 3 }],
      contacts: { orders: 2, classes: { direct: 2 }, directShare: 1 },
    });
    const detail = await checked<MarketplaceDetail>(MarketplaceDetailSchema, '/marketplaces/m');
    expect(detail.contactCountries.map(({ country, orders }) => [country, orders]).sort()).toEqual([
      ['DE', 1],
      ['FR', 1],
    ]);
    await expect(monitor.get('/marketplaces/unheard')).rejects.toThrow('404');
  });

  it('counts consent by marketplace and keeps how it stood each day', async () => {
    const buyer = (id: string) => id.repeat(64);
    await monitor.database.execute(
      `insert into buyer_consent (buyer_id, as_of, email_consent, can_receive, consented_at, suppressions)
       values ($1, now(), 'SUBSCRIBED', true, null, '[]')`,
      [buyer('a')],
    );
    const consents = new ConsentsStore(monitor.database);
    await consents.countInto('2026-03-10');
    await consents.countInto('2026-03-10');
    const { consentDays } = await checked<MarketplaceDetail>(MarketplaceDetailSchema, '/marketplaces/m');
    expect(consentDays.find(({ day }) => day === '2026-03-10')).toMatchObject({
      buyers: 1,
      known: 1,
      subscribed: 1,
      mailable: 1,
      optInRate: 1,
    });
  });

  it('says what each number counts', async () => {
    const { definitions } = await monitor.get<Definitions>('/definitions');
    expect(definitions).toMatchObject({ verified: expect.any(String), recovered: expect.any(String) });
  });
});
