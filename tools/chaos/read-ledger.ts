import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { LedgerOrder } from './check-law.ts';

const page = Compile(
  Type.Object({
    orders: Type.Array(
      Type.Object({
        orderKey: Type.String(),
        bucket: Type.Union([Type.String(), Type.Null()]),
        amount: Type.Union([Type.Object({ amount: Type.String(), currency: Type.String() }), Type.Null()]),
      }),
    ),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  }),
);

/** Every order of the ledger, page by page through the API. */
export async function readLedger(url: string, token: string): Promise<readonly LedgerOrder[]> {
  const orders: LedgerOrder[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ limit: '200', ...(cursor === '' ? {} : { cursor }) });
    const response = await fetch(`${url}/api/v1/orders?${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`GET /api/v1/orders answered ${response.status}: ${text.slice(0, 300)}`);
    const answer = page.Parse(JSON.parse(text));
    orders.push(...answer.orders);
    cursor = answer.nextCursor;
  }
  return orders;
}
