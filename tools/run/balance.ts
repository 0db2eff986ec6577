import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const Amounts = Type.Object({
  orders: Type.Integer(),
  money: Type.Record(Type.String(), Type.String()),
  unknownMoney: Type.Optional(Type.Integer()),
});
export type Amounts = Static<typeof Amounts>;

const Leak = Type.Object({
  bucket: Type.String(),
  reason: Type.String(),
  meaning: Type.String(),
  owner: Type.String(),
  orders: Type.Integer(),
  money: Type.Record(Type.String(), Type.String()),
});

/** As much of the API's balance as the commands look at. */
const Balance = Type.Object({
  asOf: Type.String(),
  settled: Type.Boolean(),
  source: Amounts,
  captured: Amounts,
  buckets: Type.Record(Type.String(), Amounts),
  difference: Amounts,
  leaking: Type.Array(Leak),
  marketplaces: Type.Array(
    Type.Object({
      marketplaceId: Type.String(),
      asOf: Type.String(),
      since: Type.Union([Type.String(), Type.Null()]),
      settled: Type.Boolean(),
      captured: Amounts,
    }),
  ),
});
export type Balance = Static<typeof Balance>;

const balanceShape = Compile(Balance);

/** A balance and the words it came in. */
export interface ReadBalance {
  balance: Balance;
  text: string;
}

/**
 * Asks the API for the balance. undefined when it does not answer now (it may be starting again). Throws when it
 * answers something else than a balance.
 */
export async function readBalance(url: string, token: string): Promise<ReadBalance | undefined> {
  let response: Response;
  try {
    response = await fetch(`${url}/api/v1/balance`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    return undefined;
  }
  if (response.status >= 500) return undefined;
  const text = await response.text();
  if (!response.ok) throw new Error(`GET /api/v1/balance answered ${response.status}: ${text.slice(0, 300)}`);
  return { balance: balanceShape.Parse(JSON.parse(text)), text };
}

export function isNothing({ orders, money, unknownMoney = 0 }: Amounts): boolean {
  return orders === 0 && unknownMoney === 0 && Object.values(money).every((amount) => Number(amount) === 0);
}

/** Reasons of orders in flight that only Mirakl or a person can move on: waiting for them could take for ever. */
const waitsForOthers = new Set(['mapping.awaiting_acceptance', 'mapping.unknown_state']);

/** Orders in flight that this system itself still has to bring to an end. */
export function ordersUnderWay({ buckets, leaking }: Balance): number {
  const waiting = leaking
    .filter(({ bucket, reason }) => bucket === 'in_flight' && waitsForOthers.has(reason))
    .reduce((sum, { orders }) => sum + orders, 0);
  return (buckets['in_flight']?.orders ?? 0) - waiting;
}

/** True when each marketplace has been audited, nothing is missing and nothing of ours is under way. */
export function isBalanced(balance: Balance): boolean {
  const { settled, marketplaces, difference } = balance;
  return settled && marketplaces.length > 0 && ordersUnderWay(balance) === 0 && isNothing(difference);
}
