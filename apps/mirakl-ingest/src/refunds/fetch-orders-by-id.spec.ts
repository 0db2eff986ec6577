import { describe, expect, it } from '@jest/globals';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { MiraklSource, OrderPage } from '../mirakl/mirakl-source.ts';
import { fetchOrdersById } from './fetch-orders-by-id.ts';

const signal = new AbortController().signal;

function sourceRefusing(bad: ReadonlySet<string>, error: MiraklError) {
  const asked: string[][] = [];
  const answered: string[] = [];
  const listOrdersByIds: MiraklSource['listOrdersByIds'] = async (orderIds): Promise<OrderPage> => {
    asked.push([...orderIds]);
    if (orderIds.some((id) => bad.has(id))) throw error;
    answered.push(...orderIds);
    return { orders: [], next: null, answeredAt: new Date(0) };
  };
  return { source: { listOrdersByIds } as MiraklSource, asked, answered };
}

describe('fetchOrdersById', () => {
  it('asks for all ids in one call', async () => {
    const { source, asked } = sourceRefusing(new Set(), new MiraklError('rejected', 'm: 400'));
    await expect(fetchOrdersById(source, ['a', 'b'], signal)).resolves.toMatchObject({ refused: [] });
    expect(asked).toEqual([['a', 'b']]);
  });

  it('does not let one id that Mirakl refuses stop the rest', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `o${index}`);
    const { source, asked, answered } = sourceRefusing(
      new Set(['o37', 'o38']),
      new MiraklError('rejected', 'm: 400'),
    );
    await expect(fetchOrdersById(source, ids, signal)).resolves.toMatchObject({ refused: ['o37', 'o38'] });
    expect(answered.sort()).toEqual(ids.filter((id) => id !== 'o37' && id !== 'o38').sort());
    expect(asked.length).toBeLessThan(25);
  });

  it('does not take an outage for a bad id', async () => {
    const outage = new MiraklError('unavailable', 'm: 503');
    const { source, asked } = sourceRefusing(new Set(['a']), outage);
    await expect(fetchOrdersById(source, ['a', 'b'], signal)).rejects.toBe(outage);
    expect(asked).toHaveLength(1);
  });
});
