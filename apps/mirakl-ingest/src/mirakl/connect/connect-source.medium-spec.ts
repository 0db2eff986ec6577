// real: [HTTP], double: [Mirakl Connect and the seller API, by the sandbox]
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { SourceOrder } from '../../capture/normalised-order.ts';
import { policyFixture } from '../../poll/ingest.fixture.ts';
import { MiraklSandbox, type SandboxShop } from '../../poll/sandbox.fixture.ts';
import type { MiraklSource, OrderPage } from '../mirakl-source.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { sourceOf } from '../source-of.ts';

const none = new AbortController().signal;
const long = new Date(Date.now() - 800 * 86_400_000);
let mirakl: MiraklSandbox;
let shop: SandboxShop;
const opened: MiraklSource[] = [];

beforeAll(async () => {
  mirakl = await MiraklSandbox.start();
  shop = await mirakl.open({ historyOrders: 260 });
});
afterEach(async () => {
  await mirakl.control('DELETE', '/faults');
  await mirakl.control('POST', '/connect', { tokenSeconds: 3599 });
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(async () => {
  await shop.source.close();
  await mirakl.sandbox.stop();
});

function connect(changes: Partial<MarketplacePolicy> = {}): MiraklSource {
  const policy = policyFixture({
    id: shop.id,
    api: 'connect',
    baseUrl: `${mirakl.sandbox.url}/connect`,
    credentials: {
      kind: 'oauth',
      clientId: 'sandbox-connect',
      clientSecret: 'sandbox-connect-secret',
      companyId: `sandbox-company-${shop.id}`,
    },
    shopId: null,
    ...changes,
  });
  const source = sourceOf(policy, systemClock);
  opened.push(source);
  return source;
}

async function all(pages: AsyncIterable<OrderPage>): Promise<readonly SourceOrder[]> {
  const orders: SourceOrder[] = [];
  for await (const page of pages) orders.push(...page.orders);
  return orders;
}

/** Amount of each order by its number on the channel. */
function amountsOf(orders: readonly SourceOrder[]): Map<string, string | undefined> {
  return new Map(
    orders.map((order) => {
      if (order.kind !== 'readable') throw new Error(`unreadable: ${order.detail}`);
      const { orderId, amountWithoutTax } = order.order;
      return [orderId.replace(/^[^_]*_/, ''), amountWithoutTax?.amount];
    }),
  );
}

describe('Mirakl Connect as a source', () => {
  it('gives the orders that the seller API gives, with the same amounts', async () => {
    const fromConnect = await all(connect().listOrdersUpdatedSince(long, null, none));
    const fromSeller = await all(shop.source.listOrdersUpdatedSince(long, null, none));
    expect(fromConnect).toHaveLength(260);
    const [ours, theirs] = [amountsOf(fromConnect), amountsOf(fromSeller)];
    expect(ours).toEqual(theirs);
    const changes = (orders: readonly SourceOrder[]) =>
      orders.reduce((sum, order) => sum + (order.kind === 'readable' ? order.refunds.length : 0), 0);
    expect(changes(fromConnect)).toBe(changes(fromSeller));
    expect(changes(fromConnect)).toBeGreaterThan(0);
  });

  it('lists the orders of a span of creation dates, page by page, and ends where they are older', async () => {
    const [since, until] = [new Date(Date.now() - 300 * 86_400_000), new Date(Date.now() - 100 * 86_400_000)];
    const source = connect();
    const seen = new Set<string>();
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: OrderPage = await source.readOrdersCreated(since, until, cursor, none);
      for (const order of page.orders) if (order.kind === 'readable') seen.add(order.order.orderId);
      cursor = page.next;
      pages += 1;
    } while (cursor !== null);
    const counted = await shop.source.countOrdersCreated(since, until, none);
    expect([seen.size, pages < 4]).toEqual([counted?.orders, true]);
  });

  it('renews its token when it has run out, and after one was refused', async () => {
    await mirakl.control('POST', '/connect', { tokenSeconds: 1 });
    const source = connect();
    const began = Date.now();
    // Three lives of a token: a call that met the end of one would reject.
    await waitUntil('three tokens to run out', async () => {
      await source.listOrdersByIds(['none'], none);
      return Date.now() - began > 3_000;
    });
  });

  it('reads the orders of one store where the policy names it', async () => {
    const other = await all(connect({ shopId: '9' }).listOrdersUpdatedSince(long, null, none));
    const own = await all(connect({ shopId: '3001' }).listOrdersUpdatedSince(long, null, none));
    expect([other.length, own.length]).toEqual([0, 260]);
  });

  it('begins anew with a page token that Mirakl does not take any more', async () => {
    const orders = await all(connect().listOrdersUpdatedSince(long, 'not-a-token', none));
    expect(orders).toHaveLength(260);
  });

  it('says that it has no count, and that wrong credentials are refused', async () => {
    await expect(connect().countOrdersCreated(long, new Date(), none)).resolves.toBeNull();
    const { checks } = await connect().readSettings(none);
    expect(checks.map(({ check, result }) => [check, result])).toEqual([
      ['credentials', 'ok'],
      ['count_audit', 'warning'],
    ]);
    const credentials = {
      kind: 'oauth',
      clientId: 'sandbox-connect',
      clientSecret: 'wrong',
      companyId: 'sandbox-company',
    } as const;
    const refused = connect({ credentials }).readSettings(none);
    await expect(refused).rejects.toThrow(MiraklError);
    await expect(refused).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});
