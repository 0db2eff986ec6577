import { describe, expect, it } from '@jest/globals';
import { errorOfStatus, MiraklError } from '../mirakl-errors.ts';
import type { Answer, SellerClient } from './client.ts';
import { orderFixture } from './order.fixture.ts';
import { SellerExports } from './seller-exports.ts';

const none = new AbortController().signal;
const policy = {
  id: 'maison-fr',
  baseUrl: 'https://maison.example',
  shopId: '2001',
  orderTaxMode: 'TAX_INCLUDED',
  contact: { emailFrom: [], use: 'direct_only', relayDomains: [], placeholders: [] },
} as const;

type Client = Pick<SellerClient, 'get' | 'post' | 'readFile'>;
const answer = (body: unknown): Answer => ({
  body: JSON.stringify(body),
  link: undefined,
  answeredAt: new Date(0),
});

function exportsOf(client: Partial<Client>) {
  return new SellerExports(policy, client as Client, () => new Date(0));
}

/** A file of so many orders, in pieces of so many characters. */
function fileClient(orders: number, piece: number, cut = 0): Partial<Client> {
  const text = JSON.stringify({
    orders: Array.from({ length: orders }, (_, index) => orderFixture({ order_id: `W-${index}` })),
  });
  const file = text.slice(0, text.length - cut);
  return {
    async *readFile() {
      for (let at = 0; at < file.length; at += piece) yield file.slice(at, at + piece);
    },
  };
}

async function idsOf(client: Partial<Client>, skip = 0) {
  const ids: string[] = [];
  const sizes: number[] = [];
  for await (const { orders } of exportsOf(client).read('f', skip, none)) {
    sizes.push(orders.length);
    ids.push(...orders.map((one) => (one.kind === 'readable' ? one.order.orderId : '?')));
  }
  return { ids, sizes };
}

describe('SellerExports', () => {
  it('asks for a range of creation dates, the shop and the tax mode', async () => {
    let asked: unknown[] = [];
    const post: Client['post'] = async (path, query, body, read) => {
      asked = [path, query.toString(), body];
      return read(answer({ tracking_id: 't-1' }));
    };
    const [since, until] = [new Date('2025-01-01T00:00:00Z'), new Date('2025-12-31T00:00:00Z')];
    await expect(exportsOf({ post }).create(since, until, none)).resolves.toBe('t-1');
    expect(asked).toEqual([
      '/api/orders/async-export',
      'shop_id=2001',
      {
        start_date: '2025-01-01T00:00:00Z',
        end_date: '2025-12-31T00:00:00Z',
        order_tax_mode: 'TAX_INCLUDED',
        megabytes_per_chunk: 100,
      },
    ]);
  });

  it.each([
    [{ status: 'PENDING' }, { state: 'pending' }],
    [{ status: 'SOMETHING_NEW' }, { state: 'pending' }],
    [{ status: 'FAILED' }, { state: 'ended_without_files' }],
    [{ status: 'CANCELED' }, { state: 'ended_without_files' }],
    [
      { status: 'COMPLETED', urls: ['a', 'b'] },
      { state: 'ready', files: ['a', 'b'] },
    ],
  ])('reads the status %j', async (said, status) => {
    const get: Client['get'] = async (_path, _query, read) => read(answer(said));
    await expect(exportsOf({ get }).status('t-1', none)).resolves.toEqual(status);
  });

  it('takes an export that Mirakl has forgotten for one without files', async () => {
    const get: Client['get'] = async () => {
      throw errorOfStatus('maison-fr', 404);
    };
    await expect(exportsOf({ get }).status('t-1', none)).resolves.toEqual({ state: 'ended_without_files' });
  });

  it.each([1, 7, 1_000, 10_000_000])(
    'finds every order in a file that comes in pieces of %i characters',
    async (piece) => {
      const count = piece === 1 ? 3 : 450;
      const { ids, sizes } = await idsOf(fileClient(count, piece));
      expect(new Set(ids).size).toBe(count);
      expect(ids).not.toContain('?');
      expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    },
  );

  it('skips what was captured before', async () => {
    expect((await idsOf(fileClient(5, 100), 3)).ids).toEqual(['W-3', 'W-4']);
  });

  it('trap: half a file is no short file', async () => {
    await expect(idsOf(fileClient(5, 100, 200))).rejects.toThrow(MiraklError);
    await expect(idsOf(fileClient(5, 100, 1))).rejects.toThrow('in the middle of a file');
  });
});
