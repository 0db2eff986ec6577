// real: [postgres], double: [kafka publisher]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { BatchMapper } from '../map-batch.ts';
import { asked, type MapperOnDatabase, mapperOnDatabase } from '../scenarios/database.fixture.ts';
import { at, BUYER_ID_KEY, eur, marketplace, order, policyOf } from '../scenarios/facts.fixture.ts';
import { previewPolicy } from './preview-policy.ts';
import { Reevaluator } from './reevaluator.ts';

let m: MapperOnDatabase;
const RELAY = 'r1.x@notification.mirakl.net';
const contact = { emailFrom: [], use: 'direct_only', relayDomains: [], placeholders: [] } as const;
const careful = policyOf([marketplace('m', { contact: { ...contact, sharedBy: 2 } }), marketplace('other')]);
const open = policyOf([
  marketplace('m', { contact: { ...contact, use: 'direct_and_relay', sharedBy: 3 } }),
  marketplace('other'),
]);

beforeAll(async () => {
  m = await mapperOnDatabase({ policy: careful, buyerIdKey: BUYER_ID_KEY });
});
beforeEach(() => m.empty());
afterAll(() => m.drop());

const NOW = new Date('2026-03-02T08:00:00Z');
const preview = (policy: MarketplacesPolicy, now = NOW) =>
  previewPolicy(m.database, 'm', { policy, buyerIdKey: BUYER_ID_KEY }, now);
const stored = () => m.database.query('select * from order_fact order by order_key');

describe('the preview of a policy', () => {
  it('says what every held order would become, and writes and publishes nothing', async () => {
    await m.orders(
      order({ orderId: 'R-1', email: RELAY }),
      order({ orderId: 'R-2', email: RELAY, amount: eur('10.00') }),
      order({ orderId: 'N-1', email: null }),
      order({ orderId: 'D-1' }),
      order({ orderId: 'R-3', email: RELAY, marketplaceId: 'other' }),
    );
    m.publisher.clear();
    const before = await stored();
    expect(await preview(open)).toEqual({
      marketplaceId: 'm',
      held: 3,
      groups: [
        {
          before: 'uncaptured contact.relay',
          after: 'mapped',
          released: true,
          orders: 2,
          money: [eur('59.90')],
          tooOldForFlows: 0,
          examples: ['m:R-1', 'm:R-2'],
        },
        expect.objectContaining({
          before: 'uncaptured contact.absent',
          after: 'uncaptured contact.absent',
          released: false,
          orders: 1,
        }),
      ],
    });
    expect((await preview(careful)).groups.some(({ released }) => released)).toBe(false);
    expect(await stored()).toEqual(before);
    expect(m.publisher.messages).toEqual([]);
  });

  it('counts the orders that are too old to fire a flow', async () => {
    await m.orders(order({ orderId: 'R-1', email: RELAY, createdAt: at('10:00') }));
    const late = new Date('2026-03-05T00:00:00Z');
    expect((await preview(open, late)).groups).toMatchObject([{ released: true, tooOldForFlows: 1 }]);
  });

  it('knows who else orders with an address', async () => {
    const shared = (orderId: string, firstName: string) =>
      order({ orderId, email: 'shop@example.com', buyer: { firstName, city: firstName } });
    await m.orders(shared('S-1', 'Ada'), shared('S-2', 'Eve'));
    expect((await preview(careful)).groups).toMatchObject([
      { before: 'uncaptured contact.placeholder', released: false, orders: 2 },
    ]);
    expect((await preview(open)).groups).toMatchObject([{ after: 'mapped', released: true, orders: 2 }]);
  });

  it('does not release what an erased person ordered', async () => {
    await m.orders(order({ orderId: 'R-1', email: RELAY }));
    const [{ contact_buyer_id: buyerId } = { contact_buyer_id: '' }] = await m.database.query<{
      contact_buyer_id: string;
    }>('select contact_buyer_id from order_fact');
    await m.commands(asked('erase', { buyerId }));
    expect(await preview(open)).toMatchObject({ held: 0, groups: [] });
  });

  it('is what the policy does once it is applied', async () => {
    await m.orders(
      ...Array.from({ length: 601 }, (_, index) =>
        order({ orderId: `R-${index}`, email: index % 3 === 0 ? null : RELAY }),
      ),
    );
    const promised = (await preview(open)).groups.find(({ released }) => released)?.orders;
    expect(promised).toBe(400);
    m.publisher.clear();
    const rules = { policy: open, buyerIdKey: BUYER_ID_KEY };
    const reevaluator = new Reevaluator(m.database, new BatchMapper(m.database, m.publisher, rules, m.clock));
    await reevaluator.notePolicies();
    while (await reevaluator.runPage());
    expect(m.publisher.events).toHaveLength(400);
  });
});
