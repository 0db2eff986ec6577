import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Balance } from './balance.ts';

const Count = Type.Object({ orders: Type.Integer(), money: Type.Record(Type.String(), Type.String()) });
type Count = Static<typeof Count>;

const truthShape = Compile(Type.Object({ mirakl: Type.Record(Type.String(), Count) }));

/** One call of the sandbox's control API. Throws when it answers anything but success. */
export async function callSandbox(
  url: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`The sandbox answered ${response.status} to ${new URL(url).pathname}: ${text}`);
  return JSON.parse(text);
}

/** Holds the sandbox's trade still, so that its count and the balance can speak of the same moment; or lets it go on. */
export async function freezeTrade(sandboxUrl: string, frozen: boolean): Promise<void> {
  await callSandbox(`${sandboxUrl}/sandbox/live`, 'POST', { frozen });
}

function isSame(one: Count, other: Count): boolean {
  const currencies = new Set([...Object.keys(one.money), ...Object.keys(other.money)]);
  return (
    one.orders === other.orders &&
    [...currencies].every(
      (currency) => Number(one.money[currency] ?? 0) === Number(other.money[currency] ?? 0),
    )
  );
}

function inWords({ orders, money }: Count): string {
  const amounts = Object.entries(money).map(([currency, amount]) => `${amount} ${currency}`);
  return `${orders} orders${amounts.length > 0 ? `, ${amounts.join(', ')}` : ''}`;
}

/**
 * Holds the sum of the balance's buckets against what the Mirakl double counts by its own code, for each marketplace
 * over the span that the balance speaks of. Returns a sentence for each marketplace where they differ.
 */
export async function differencesFromTruth(balance: Balance, sandboxUrl: string): Promise<string[]> {
  const found = await Promise.all(
    balance.marketplaces.map(async ({ marketplaceId, since, asOf, captured }) => {
      const span = new URLSearchParams({ to: asOf, ...(since === null ? {} : { from: since }) });
      const truth = truthShape.Parse(await callSandbox(`${sandboxUrl}/sandbox/truth?${span}`, 'GET')).mirakl[
        marketplaceId
      ];
      if (truth !== undefined && isSame(truth, captured)) return [];
      const counted = truth === undefined ? 'does not know it' : `counts ${inWords(truth)}`;
      return [
        `${marketplaceId}: the double ${counted}, the ledger holds ${inWords(captured)} (up to ${asOf})`,
      ];
    }),
  );
  return found.flat();
}
